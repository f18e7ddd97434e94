"""The list of a basin: who is on it, that only its recipients read it, that it is nowhere in clear."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyrage
import pytest
from openpyxl import load_workbook

from observatory import config
from observatory.config import LinkageSettings
from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.french.contact_list import REASONS
from observatory.linkage.contact_list import Reason, find_persons
from observatory.linkage.encryption import read_recipients
from observatory.linkage.linking import link_records
from observatory.linkage.list_log import LISTS_DIR, LOG_FILE, read_log
from observatory.linkage.pseudonyms import pseudonym
from observatory.linkage.runs import record_run
from observatory.pipeline.__main__ import main
from tests.linkage.linked_people import generated, record, write_working_file

ML, PUPIL, CONTRACT = Source.MISSION_LOCALE, Source.PUPILS, Source.APPRENTICESHIP
DAY = date(2026, 11, 1)
LEFT = {"left_on": date(2026, 6, 30), "diploma": "none", "entered_on": date(2025, 9, 1)}
KEY = "0f" * 32
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHc6yvH2G3nMAnHtAWhWYRzuzMwYrFVzB9zuQ5M0VpSn"
"""A public key whose private one was never kept."""


def leaver(record_id: str, nom: str, **cells: object) -> tuple[Source, dict[str, object]]:
    return record(PUPIL, record_id, **{"nom": nom, "commune_residence": "84007", **LEFT, **cells})


def met(record_id: str, nom: str, last: date, home: str = "84007") -> tuple[Source, dict[str, object]]:
    return record(
        ML, record_id, nom=nom, commune_residence=home, situation="seeking", structure="ML du Rhône",
        first_reception_on=date(2025, 1, 5), last_contact_on=last,
    )  # fmt: skip


def planted() -> list[tuple[Source, dict[str, object]]]:
    """Leavers of AM13 (Avignon), of each kind, and those who must not be on the list."""
    return [
        leaver("never-met", "Brizonnet", leaving_reason="dropped_out"),
        leaver("lost", "Carvoisin"),
        met("lost-ml", "Carvoisin", date(2025, 3, 1)),
        leaver("unknown", "=Delauzun"),
        leaver("followed", "Estramon"),
        met("followed-ml", "Estramon", date(2026, 10, 10)),
        leaver("apprentice", "Fourcanade"),
        record(CONTRACT, "apprentice-c", nom="Fourcanade", commune_residence="84007",
               started_on=date(2026, 9, 1), planned_end_on=date(2028, 8, 31)),
        leaver("qualified", "Gravelone", diploma="level_3"),
        leaver("enrolled", "Hauterivier", current_uai="0840001A"),
        leaver("elsewhere", "Jourdanel", commune_residence="06088"),
        leaver("child", "Kerbastien", date_naissance=date(2012, 2, 3)),
        # A file of a mission locale that may be theirs: two homonyms, and nothing to tell them apart.
        leaver("doubtful-1", "Lambrusque", ine="222222222DD"),
        leaver("doubtful-2", "Lambrusque", ine="222222223DD", commune_residence="84031"),
        met("doubtful-ml", "Lambrusque", date(2026, 10, 10), home="06004"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    working_dir = tmp_path_factory.mktemp("list") / "croisement"
    write_working_file(working_dir, generated(0.01, seed=3), planted())
    link_records(working_dir)
    return working_dir


@pytest.fixture
def working_dir(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "croisement"
    shutil.copytree(template, made)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(made))
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_CLE", KEY)
    config.current_linkage_settings.cache_clear()
    yield made
    config.current_linkage_settings.cache_clear()


@pytest.fixture
def owner() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def recipient(owner: pyrage.x25519.Identity, tmp_path: Path) -> Path:
    path = tmp_path / "destinataires.txt"
    path.write_text(f"# mission locale\n\n{owner.to_public()}\n", encoding="utf-8")
    return path


def ask(recipient: Path, *more: str, basin: str = "AM13", campaign: str = "2026-11") -> int:
    return main(["list", "--basin", basin, "--recipient", str(recipient), "--campaign", campaign, *more])


def lists(working_dir: Path) -> list[Path]:
    return sorted((working_dir / LISTS_DIR).glob("*.age"))


# Who is on it


@pytest.mark.heavy
def test_the_list_holds_those_without_solution_and_the_unknown_of_the_basin_and_nobody_else(working_dir):
    places = {"84007": "AM13", "06088": "NI09"}
    persons = find_persons(working_dir, "AM13", DAY, places)
    ours = {cells["record_id"] for source, cells in planted() if source is PUPIL}
    found = {
        str(known.cells["record_id"]): person.reason
        for person in persons
        for known in person.records
        if known.source is PUPIL and known.cells["record_id"] in ours
    }
    assert found == {
        "never-met": Reason.DROPOUT_NEVER_MET,
        "lost": Reason.DROPOUT_LOST,
        "unknown": Reason.UNKNOWN,
        "doubtful-1": Reason.UNKNOWN,
    }
    assert [list(Reason).index(p.reason) for p in persons] == sorted(
        list(Reason).index(p.reason) for p in persons
    )


@pytest.mark.heavy
def test_a_file_that_waits_for_the_review_is_told_not_believed(working_dir):
    persons = find_persons(working_dir, "AM13", DAY, {"84007": "AM13", "84031": "AM13"})
    waiting = [person for person in persons if any(known.is_doubtful for known in person.records)]
    assert {str(person.records[0].cells["record_id"]) for person in waiting} == {"doubtful-1", "doubtful-2"}
    for person in waiting:
        doubtful = [known.cells["record_id"] for known in person.records if known.is_doubtful]
        assert doubtful == ["doubtful-ml"]


# What leaves


@pytest.mark.heavy
def test_the_recipient_and_nobody_else_reads_the_list(working_dir, recipient, owner):
    assert ask(recipient) == 0
    path = lists(working_dir)[0]
    assert re.fullmatch(r"AM13-2026-11-20\d\d-\d\d-\d\d\.age", path.name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    book = load_workbook(io.BytesIO(pyrage.decrypt(path.read_bytes(), [owner])))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    by_name = {row[2]: row for row in rows[1:]}
    assert by_name["Carvoisin"][1] == REASONS["dropout_lost"]
    assert by_name["Carvoisin"][11] == "ML du Rhône"
    assert "01/03/2025" in by_name["Carvoisin"][rows[0].index("mission locale")]
    assert by_name["Brizonnet"][1] == REASONS["dropout_never_met"]
    assert "à confirmer" in by_name["Lambrusque"][12]
    assert "Estramon" not in by_name
    assert book.worksheets[1].cell(5, 2).value == str(len(rows) - 1)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.generate()])


@pytest.mark.heavy
def test_a_list_is_for_several_recipients_ssh_among_them(working_dir, recipient, owner):
    recipient.write_text(f"{owner.to_public()}\n{SSH_KEY} conseiller@mission\n", encoding="utf-8")
    assert ask(recipient, "--format", "csv") == 0
    content = lists(working_dir)[0].read_bytes()
    assert content.count(b"-> X25519 ") == 1
    assert content.count(b"-> ssh-ed25519 ") == 1
    clear = pyrage.decrypt(content, [owner])
    rows = list(csv.reader(io.StringIO(clear.decode("utf-8-sig")), delimiter=";"))
    names = [row[2] for row in rows[1:]]
    assert "'=Delauzun" in names
    assert "=Delauzun" not in names
    fingerprints = read_log(working_dir)[0]["recipients"]
    assert len(fingerprints) == 2
    assert fingerprints[1].startswith("SHA256:")


@pytest.mark.heavy
def test_identifiers_are_keyed_and_are_neither_an_ine_nor_a_record(
    working_dir, recipient, owner, monkeypatch
):
    def identifiers() -> set[str]:
        assert ask(recipient, "--format", "csv") == 0
        newest = max(lists(working_dir), key=lambda path: path.stat().st_mtime_ns)
        clear = pyrage.decrypt(newest.read_bytes(), [owner]).decode("utf-8-sig")
        return {row[0] for row in list(csv.reader(io.StringIO(clear), delimiter=";"))[1:]}

    first, again = identifiers(), identifiers()
    assert first == again
    assert all(re.fullmatch("[0-9a-f]{20}", one) for one in first)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_CLE", "aa" * 32)
    config.current_linkage_settings.cache_clear()
    assert not identifiers() & first
    assert len(lists(working_dir)) == 3  # never one over another


@pytest.mark.heavy
def test_the_log_says_who_when_for_whom_and_no_name(working_dir, recipient, capfd):
    assert ask(recipient) == 0
    told = capfd.readouterr()
    line = dict(read_log(working_dir)[0])
    path = lists(working_dir)[0]
    assert line.pop("sha256") == hashlib.sha256(path.read_bytes()).hexdigest()
    assert line.pop("file") == path.name
    assert line.pop("recipients") == [read_recipients(recipient)[0].fingerprint]
    assert set(line) == {"at", "account", "basin", "campaign", "persons", "format"}
    log = working_dir / LISTS_DIR / LOG_FILE
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    names = {str(cells[name]) for _, cells in planted() for name in ("nom", "prenom", "record_id")}
    assert not [name for name in names if name in told.out + told.err + log.read_text()]


@pytest.mark.heavy
def test_nothing_is_written_in_clear_anywhere(working_dir, recipient, monkeypatch):
    """Neither the working directory nor a temporary folder receives a file with a name of the list."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    before = {path: path.stat().st_mtime_ns for path in working_dir.rglob("*")}
    assert ask(recipient) == 0
    made = [path for path in working_dir.rglob("*") if path not in before and path.is_file()]
    assert {path.name for path in made} == {LOG_FILE, lists(working_dir)[0].name}
    assert not [path for path in made if b"Carvoisin" in path.read_bytes()]


@pytest.mark.heavy
def test_the_campaign_is_the_last_one_that_was_counted(working_dir, recipient):
    assert main(["list", "--basin", "AM13", "--recipient", str(recipient)]) == 1
    for code, day in (("2025-11", "2025-11-01"), ("2026-10", "2026-10-15")):
        record_run(working_dir, f"consolidate {code} provisional", inputs={}, counts={},
                   extra={"reference_on": day})  # fmt: skip
    assert main(["list", "--basin", "AM13", "--recipient", str(recipient)]) == 0
    assert read_log(working_dir)[0]["campaign"] == "2026-10"


# What is refused


@pytest.mark.heavy
def test_what_is_refused_is_refused_before_anything_is_written(
    working_dir, recipient, owner, tmp_path, monkeypatch, capsys
):
    def refused(sentence: str, *arguments: object, **options: str) -> None:
        assert ask(*arguments, **options) == 1
        assert sentence in capsys.readouterr().err.replace("\u202f", " ").replace("\u00a0", " ")
        assert not (working_dir / LISTS_DIR).exists()

    refused("n’est pas un bassin", recipient, basin="AM99")
    refused("n’est pas un bassin", recipient, basin="../AM13")
    refused("n’est pas une campagne", recipient, campaign="2026-13")
    refused("aucune clé publique", tmp_path / "nothing")
    recipient.write_text("# personne\n\n")
    refused("aucune clé publique", recipient)
    recipient.write_text(f"{owner.to_public()}\n{owner}\n")
    refused("clé privée", recipient)
    recipient.write_text(f"{owner.to_public()}\nage1truqué\n", encoding="utf-8")
    refused("ligne 2", recipient)
    recipient.write_text(f"{owner.to_public()}\n")
    monkeypatch.delenv("OBSERVATOIRE_CROISEMENT_CLE")
    config.current_linkage_settings.cache_clear()
    refused("OBSERVATOIRE_CROISEMENT_CLE", recipient)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n", "recipient_private"),
        ("AGE-SECRET-KEY-1QQQQQQ", "recipient_private"),
        ("ssh-rsa AAAAB3NzaC1yc2E x@y", "recipient_unusable"),
        ("ssh-ed25519 pas-du-base64 x@y", "recipient_unusable"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "recipient_unusable"),
    ],
)
def test_a_key_that_is_not_a_public_one_is_refused_without_being_quoted(tmp_path, content, code):
    path = tmp_path / "cle.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserFacingError) as caught:
        read_recipients(path)
    assert caught.value.code == code
    assert content.split()[-1] not in str(caught.value)
    assert caught.value.__cause__ is None


# Pseudonyms


def test_pseudonyms_differ_by_purpose_and_by_key_and_never_take_an_ine():
    one, other = (LinkageSettings(Path(), key=os.urandom(32)) for _ in range(2))
    person = "0123456789abcdef" * 2
    made = {pseudonym(settings, p, person) for settings in (one, other) for p in ("liste:am13", "liste:am14")}
    assert len(made) == 4
    assert pseudonym(one, "liste:am13", person) == pseudonym(one, "liste:am13", person)
    for wrong in ("012345678AB", "pupils:12", "", person.upper()):
        with pytest.raises(ValueError, match="internal_id"):
            pseudonym(one, "liste:am13", wrong)
    with pytest.raises(UserFacingError) as caught:
        pseudonym(LinkageSettings(Path()), "liste:am13", person)
    assert caught.value.code == "pseudonym_key_missing"
