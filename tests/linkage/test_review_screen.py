"""The local screen of the review: who may open it, what it shows, what a click and a key do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from observatory import config
from observatory.config import LinkageSettings
from observatory.errors import UserFacingError
from observatory.linkage import review_screen as screen
from observatory.linkage.decisions import Verdict, read_journal
from observatory.linkage.linking import link_records
from observatory.linkage.review import read_queue
from observatory.linkage.screen_access import is_screen_open, new_access, read_access
from observatory.pipeline.__main__ import main
from observatory.pipeline.review import open_screen, screen_options
from tests.linkage.linked_people import generated, write_working_file
from tests.linkage.test_review import HOMONYM, OTHER, planted

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = str(ROOT / "observatory" / "linkage" / "review_screen.py")
CODE = "0a1b2c3d"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    working_dir = tmp_path_factory.mktemp("screen") / "croisement"
    write_working_file(working_dir, generated(0.01, seed=3), planted())
    link_records(working_dir)
    return working_dir


@pytest.fixture
def working_dir(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A linked working directory, the screen allowed and its command running."""
    made = tmp_path / "croisement"
    shutil.copytree(template, made)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(made))
    monkeypatch.setenv("OBSERVATOIRE_REVUE", "oui")
    config.current_linkage_settings.cache_clear()
    with new_access(made, CODE, 0):
        yield made
    config.current_linkage_settings.cache_clear()


def opened(code: str = CODE) -> AppTest:
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.exception
    app.text_input[0].input("Équipe PSAD")
    app.text_input[1].input(code)
    return app.button[0].click().run()


def texts(app: AppTest) -> str:
    return " ".join([*(m.value for m in app.markdown), *(h.proto.body for h in app.get("html"))])


def progress(app: AppTest) -> str:
    return str(app.get("progress")[0].proto.text)


@pytest.mark.heavy
def test_nothing_is_shown_without_the_code(working_dir):
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.get("html")
    app = opened("another")
    assert app.error[0].value == "Ce n’est pas le code affiché dans le terminal."
    assert not app.get("html")


@pytest.mark.heavy
def test_a_pair_is_shown_with_its_differences_in_words_and_its_waterfall(working_dir):
    app = opened()
    assert not app.exception
    first = read_queue(working_dir).pairs[0]
    shown = texts(app)
    assert str(first.record["nom"]) in shown
    assert str(first.pupil["prenom"]) in shown
    assert "≠ différent" in shown or "vide d’un côté" in shown
    assert "Poids total" in shown
    assert re.search(r"date de naissance</td><td>[^<]+</td><td class=\"number\">[+−]?\d", shown)
    assert progress(app).endswith(f"0 sur {len(read_queue(working_dir).pairs)}")
    assert [button.label for button in app.button] == [
        "Annuler ma dernière décision",
        "Même personne",
        "Personnes différentes",
        "Je ne peux pas dire",
    ]
    assert [button.proto.shortcut for button in app.button] == ["z", "m", "d", "p"]


@pytest.mark.heavy
def test_an_answer_is_kept_at_once_the_next_pair_comes_and_undo_brings_it_back(working_dir):
    app = opened()
    queue = read_queue(working_dir)
    app = app.button(key="different").click().run()
    assert read_journal(working_dir).by_pair[queue.pairs[0].pair].verdict is Verdict.DIFFERENT
    assert read_journal(working_dir).by_pair[queue.pairs[0].pair].author == "Équipe PSAD"
    assert "1 sur" in progress(app)
    assert not app.text_input  # who decides is asked once
    app = app.button(key="undo").click().run()
    assert read_journal(working_dir).by_pair == {}
    assert "0 sur" in progress(app)
    assert app.button(key="undo").disabled


@pytest.mark.heavy
def test_the_screen_goes_to_the_end_of_the_queue(working_dir):
    app = opened()
    for _ in read_queue(working_dir).pairs:
        app = app.button(key="cannot_tell").click().run()
    assert not app.exception
    assert "Relancez l’étape link" in app.success[0].value


@pytest.mark.heavy
def test_a_contradiction_that_a_colleague_made_meanwhile_is_told_and_not_kept(working_dir):
    queue = read_queue(working_dir)
    app = opened()
    while HOMONYM not in _next(working_dir) and OTHER not in _next(working_dir):
        app = app.button(key="cannot_tell").click().run()
    other = next(
        one for one in queue.pairs if one.pair in (HOMONYM, OTHER) and one.pair not in _next(working_dir)
    )
    screen.decide(working_dir, queue, [other.decided(Verdict.SAME)], "collègue")
    app = app.button(key="same").click().run()
    assert "deux personnes" in app.error[0].value
    assert read_journal(working_dir).by_pair[other.pair].author == "collègue"


def _next(working_dir: Path) -> list:
    queue = read_queue(working_dir)
    settled = queue.answered(read_journal(working_dir).by_pair)
    return [one.pair for one in queue.pairs if one.pair not in settled][:1]


@pytest.mark.heavy
def test_names_are_texts_never_markup(working_dir):
    one = read_queue(working_dir).pairs[0]
    hostile = {**one.record, "nom": "<img src=x onerror=alert(1)>", "structure": "<script>"}
    html = screen._records_table(replace(one, record=hostile), {})
    html += screen._facts_table(replace(one, record=hostile), {})
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img" in html


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("Zoé", "Zoé", "alike"),
        ("Zoé", "ZOE", "near"),
        ("Zoé", "Zoë-Li", "unlike"),
        (None, "Zoé", "one_blank"),
    ],
)
def test_two_cells_are_compared_in_words(one, other, word):
    assert screen.compared("prenom", {"prenom": one}, {"prenom": other}) == screen.words.SCREEN[word]


# Who may open it


def code_of(settings: LinkageSettings, address: str | None) -> str:
    with pytest.raises(UserFacingError) as caught:
        screen.check_allowed(settings, address)
    return caught.value.code


def test_it_opens_only_when_asked_for_here_by_the_running_command(tmp_path):
    assert code_of(LinkageSettings(tmp_path), "127.0.0.1") == "review_not_allowed"
    allowed = LinkageSettings(tmp_path, review=True)
    for address in ("0.0.0.0", None, "localhost", "192.168.1.4", "::"):
        assert code_of(allowed, address) == "review_not_local"
    assert code_of(allowed, "127.0.0.1") == "review_not_started"
    with new_access(tmp_path, CODE, 2):
        assert screen.check_allowed(allowed, "127.0.0.1").control == 2
        assert is_screen_open(tmp_path)
        assert CODE not in (tmp_path / "revue" / "acces.json").read_text()
    assert read_access(tmp_path) is None
    assert not is_screen_open(tmp_path)


def test_the_step_refuses_without_the_setting_and_without_links(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(tmp_path / "nothing"))
    for value, sentence in (("", "OBSERVATOIRE_REVUE=oui"), ("oui", "étape link")):
        monkeypatch.setenv("OBSERVATOIRE_REVUE", value)
        config.current_linkage_settings.cache_clear()
        assert main(["review", "--screen"]) == 1
        assert sentence in capsys.readouterr().err
    config.current_linkage_settings.cache_clear()


def test_the_screen_runs_on_this_machine_and_writes_no_trace():
    options = screen_options(8511)
    assert "--server.address=127.0.0.1" in options
    assert "--logger.level=critical" in options
    assert "--client.showErrorDetails=none" in options
    assert "--browser.gatherUsageStats=false" in options


@pytest.mark.heavy
def test_the_screen_started_by_the_command_says_no_name_and_closes_with_it(
    working_dir, unused_tcp_port, monkeypatch, capfd
):
    """The real server, whose terminal and first page are read."""
    seen = []

    def run_a_moment(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        server = subprocess.Popen(command, cwd=ROOT)
        try:
            for _ in range(120):
                time.sleep(0.25)
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}/") as page:
                        seen.append(page.read().decode())
                        break
                except OSError:
                    continue
        finally:
            server.terminate()
            server.wait()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("observatory.pipeline.review.subprocess.run", run_a_moment)
    (working_dir / "revue" / "acces.json").unlink()
    open_screen(LinkageSettings(working_dir, review=True), unused_tcp_port, 0)
    told = capfd.readouterr()
    assert re.search(r"code d’accès : [0-9a-f]{8}", told.out)
    assert len(seen) == 1
    names = {str(one.record["nom"]) for one in read_queue(working_dir).pairs}
    assert not [name for name in names if name in told.out + told.err + seen[0]]


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_screen_knows_no_database():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, observatory.linkage.review_screen\n"
            "rooms = ('sqlalchemy', 'observatory.store', 'observatory.ui')\n"
            "print([name for name in sys.modules if name.startswith(rooms)])",
        ],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
