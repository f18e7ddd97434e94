"""The review: decisions that are never lost, that hold in the links, that a person can take back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from observatory import config
from observatory.domain.campaign import Source
from observatory.errors import FileContractError, UserFacingError
from observatory.linkage import decisions as journal_module
from observatory.linkage.decisions import (
    DECISIONS_FILE,
    Decision,
    Pair,
    Verdict,
    add_decisions,
    read_journal,
    undo_save,
)
from observatory.linkage.linking import link_records
from observatory.linkage.review import (
    CONTROL,
    REVIEW_DIR,
    Usefulness,
    calibrate,
    decide,
    pair_code,
    read_queue,
    weight_band,
)
from observatory.pipeline.__main__ import main
from observatory.pipeline.nominative_files import read_review_file
from observatory.stats.rates import wilson_interval
from tests.linkage.linked_people import generated, read_links, record, write_working_file

ROOT = Path(__file__).resolve().parents[2]
ML, PUPIL = Source.MISSION_LOCALE, Source.PUPILS


def planted() -> list[tuple[Source, dict[str, object]]]:
    """Pairs that the model leaves to a person, by homonyms whom nothing tells apart."""

    def pupil(record_id: str, ine: str, **cells: object) -> tuple[Source, dict[str, object]]:
        return record(PUPIL, record_id, ine=ine, **cells)

    homonym = {"nom": "Carvoisin", "prenom": "Inès"}
    still = {"nom": "=Vauclusard", "prenom": "Yanis", "sexe": "M"}
    here = {"current_uai": "0130001A"}
    return [
        pupil("homonym-1", "222222222DD", **homonym, commune_residence="06088"),
        pupil("homonym-2", "222222223DD", **homonym, commune_residence="06029"),
        record(ML, "homonym-ml", **homonym, commune_residence="06004"),
        pupil("still-1", "222222224DD", **still, **here, commune_residence="06088"),
        pupil("still-2", "222222225DD", **still, **here, commune_residence="06029"),
        record(ML, "still-ml", **still, commune_residence="06004"),
    ]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A linked working directory, to be copied."""
    working_dir = tmp_path_factory.mktemp("review") / "croisement"
    write_working_file(working_dir, generated(0.02, seed=3), planted())
    link_records(working_dir)
    return working_dir


@pytest.fixture
def working_dir(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "croisement"
    shutil.copytree(template, made)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(made))
    config.current_linkage_settings.cache_clear()
    yield made
    config.current_linkage_settings.cache_clear()


def relink(working_dir: Path) -> None:
    link_records(working_dir, frozen_model=working_dir / "model.json")


HOMONYM = Pair("mission_locale", "homonym-ml", "homonym-1")
OTHER = Pair("mission_locale", "homonym-ml", "homonym-2")


def shown(working_dir: Path, pair: Pair):
    return next(one for one in read_queue(working_dir).pairs if one.pair == pair)


# The queue


@pytest.mark.heavy
def test_what_decides_of_a_leaver_comes_first_and_the_candidates_of_a_record_together(working_dir):
    queue = read_queue(working_dir)
    records = [one.pair.rid for one in queue.pairs]
    firsts = list(dict.fromkeys(records))
    assert records == [rid for rid in firsts for _ in range(records.count(rid))]
    best = [min(one.usefulness for one in queue.pairs if one.pair.rid == rid) for rid in firsts]
    assert best == sorted(best)
    assert shown(working_dir, HOMONYM).usefulness is Usefulness.DECIDES_OF_A_LEAVER
    still = Pair("mission_locale", "still-ml", "still-1")
    assert shown(working_dir, still).usefulness is Usefulness.CHANGES_NO_FIGURE


@pytest.mark.heavy
def test_the_waterfall_adds_up_and_says_the_level_of_each_comparison(working_dir):
    pairs = [one for one in read_queue(working_dir).pairs if one.parts]
    assert len(pairs) >= 4
    for one in pairs:
        assert sum(part.weight for part in one.parts) == pytest.approx(one.weight, abs=1e-6)
        assert one.parts[0].comparison == "start"
    said = {part.comparison: part.level for part in shown(working_dir, HOMONYM).parts}
    assert said["nom"] == "identique"
    assert said["date"] == "identique"


@pytest.mark.heavy
def test_every_doubtful_record_is_in_the_queue_with_both_records(working_dir):
    links = read_links(working_dir)
    doubtful = set(links.index[links["status"] == "review"])
    queue = read_queue(working_dir)
    assert {one.pair.rid for one in queue.pairs} == doubtful
    assert all(one.record["nom"] and one.pupil["nom"] for one in queue.pairs)


@pytest.mark.heavy
def test_the_control_draw_is_of_automatic_links_the_same_each_time(working_dir):
    first, second = (read_queue(working_dir, control=3) for _ in range(2))
    drawn = [one for one in first.pairs if one.reason == CONTROL]
    assert first.pairs == second.pairs
    assert 3 < len(drawn) <= 9
    links = read_links(working_dir)
    assert {links.loc[one.pair.rid, "status"] for one in drawn} == {"linked"}


def test_a_queue_without_links_says_which_step_is_missing(tmp_path):
    with pytest.raises(UserFacingError) as caught:
        read_queue(tmp_path)
    assert caught.value.code == "links_missing"


# What a decision does


@pytest.mark.heavy
def test_same_and_different_hold_in_the_links_after_the_next_run(working_dir):
    queue = read_queue(working_dir)
    decide(working_dir, queue, [shown(working_dir, HOMONYM).decided(Verdict.DIFFERENT)], "revue")
    relink(working_dir)
    row = read_links(working_dir).loc[HOMONYM.rid]
    assert row["linked_record_id"] == "homonym-2"  # the next candidate
    decide(working_dir, queue, [shown_or_made(queue, HOMONYM, Verdict.SAME)], "revue")
    relink(working_dir)
    row = read_links(working_dir).loc[HOMONYM.rid]
    assert (row["status"], row["linked_record_id"], row["reason"]) == ("linked", "homonym-1", "reviewed")
    assert row["person_id"] == read_links(working_dir).loc["pupils:homonym-1", "person_id"]


def shown_or_made(queue, pair: Pair, verdict: Verdict) -> Decision:
    return next(one for one in queue.pairs if one.pair == pair).decided(verdict)


@pytest.mark.heavy
def test_same_with_two_persons_is_refused_and_nothing_is_kept(working_dir):
    queue = read_queue(working_dir)
    decide(working_dir, queue, [shown_or_made(queue, HOMONYM, Verdict.SAME)], "revue")
    before = (working_dir / DECISIONS_FILE).read_bytes()
    with pytest.raises(UserFacingError) as caught:
        decide(working_dir, queue, [shown_or_made(queue, OTHER, Verdict.SAME)], "revue")
    assert caught.value.code == "review_two_persons"
    both = [shown_or_made(queue, pair, Verdict.SAME) for pair in (HOMONYM, OTHER)]
    with pytest.raises(UserFacingError):
        decide(working_dir, queue, both, "revue")
    assert (working_dir / DECISIONS_FILE).read_bytes() == before


def test_two_files_of_one_pupil_cannot_be_told_apart(tmp_path):
    one, other = (
        Decision(Pair("affectation", "v", pupil), Verdict.SAME) for pair, pupil in ((0, "a"), (1, "b"))
    )
    persons = {"pupils:a": "p", "pupils:b": "p"}
    add_decisions(tmp_path, [one, other], "revue", persons)
    contrary = Decision(other.pair, Verdict.DIFFERENT)
    with pytest.raises(UserFacingError) as caught:
        add_decisions(tmp_path, [contrary], "revue", persons)
    assert caught.value.code == "review_same_and_different"


@pytest.mark.heavy
def test_the_answer_to_one_candidate_settles_the_others(working_dir):
    queue = read_queue(working_dir)
    decide(working_dir, queue, [shown_or_made(queue, HOMONYM, Verdict.SAME)], "revue")
    settled = queue.answered(read_journal(working_dir).by_pair)
    assert (settled[HOMONYM], settled[OTHER]) == (Verdict.SAME, Verdict.DIFFERENT)


@pytest.mark.heavy
def test_a_decision_does_not_follow_an_identifier_given_to_somebody_else(working_dir):
    queue = read_queue(working_dir)
    decide(working_dir, queue, [shown_or_made(queue, HOMONYM, Verdict.SAME)], "revue")
    changed = planted()
    changed[2] = record(ML, "homonym-ml", nom="Tourquennel", prenom="Malo", sexe="M")
    model = working_dir / "model.json"
    write_working_file(working_dir, generated(0.02, seed=3), changed)
    link_records(working_dir, frozen_model=model)
    assert read_links(working_dir).loc[HOMONYM.rid, "status"] == "unlinked"
    after = read_queue(working_dir)
    assert after.stale == {HOMONYM}
    # The records of before are back, and the decision with them.
    write_working_file(working_dir, generated(0.02, seed=3), planted())
    link_records(working_dir, frozen_model=model)
    assert read_links(working_dir).loc[HOMONYM.rid, "reason"] == "reviewed"


# The journal


def some_pair(number: int) -> Pair:
    return Pair("affectation", f"v{number}", f"e{number}")


@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 3), st.sampled_from(Verdict)),
            st.tuples(st.just(-1), st.integers(1, 12)),
        ),
        max_size=12,
    )
)
@settings(max_examples=40)
def test_the_journal_is_what_was_said_last_less_what_was_undone(tmp_path_factory, steps):
    working_dir = tmp_path_factory.mktemp("journal")
    kept: dict[int, tuple[Pair, Verdict]] = {}
    number = 0
    for key, value in steps:
        if key >= 0:
            pair, verdict = some_pair(key), Verdict(value)
            number += 1
            assert add_decisions(working_dir, [Decision(pair, verdict)], "revue", {}) == number
            kept[number] = (pair, verdict)
        else:
            is_undone = undo_save(working_dir, int(value), "revue")
            assert is_undone == (int(value) in kept)
            number += is_undone
            kept.pop(int(value), None)
    expected = {pair: verdict for _, (pair, verdict) in sorted(kept.items())}
    found = read_journal(working_dir).by_pair
    assert {pair: decision.verdict for pair, decision in found.items()} == expected


def test_a_torn_last_line_is_forgotten_and_the_rest_goes_on(tmp_path):
    for number in range(3):
        add_decisions(tmp_path, [Decision(some_pair(number), Verdict.SAME)], "revue", {})
    path = tmp_path / DECISIONS_FILE
    whole = path.read_bytes()
    for cut in range(1, 40):
        path.write_bytes(whole[:-cut])
        assert len(read_journal(tmp_path).by_pair) == 2
    add_decisions(tmp_path, [Decision(some_pair(7), Verdict.DIFFERENT)], "revue", {})
    assert set(read_journal(tmp_path).by_pair) == {some_pair(0), some_pair(1), some_pair(7)}


def test_a_journal_damaged_in_the_middle_is_refused_and_left_as_it_is(tmp_path):
    for number in range(3):
        add_decisions(tmp_path, [Decision(some_pair(number), Verdict.SAME)], "revue", {})
    path = tmp_path / DECISIONS_FILE
    damaged = path.read_bytes().replace(b'"save": 2', b'"save": 9')
    path.write_bytes(damaged)
    for call in (
        lambda: read_journal(tmp_path),
        lambda: add_decisions(tmp_path, [Decision(some_pair(8), Verdict.SAME)], "revue", {}),
    ):
        with pytest.raises(UserFacingError) as caught:
            call()
        assert caught.value.code == "decisions_damaged"
    assert path.read_bytes() == damaged


WRITER = """
import sys
from pathlib import Path
from observatory.linkage.decisions import Decision, Pair, Verdict, add_decisions
working_dir, name = Path(sys.argv[1]), sys.argv[2]
for number in range(10_000):
    add_decisions(working_dir, [Decision(Pair("affectation", f"{name}{number}", "e"), Verdict.SAME)], "r", {})
    print(number, flush=True)
"""


@pytest.mark.heavy
def test_no_acknowledged_decision_is_lost_when_two_writers_are_killed(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in ("a", "b")
    ]  # fmt: skip
    acknowledged = set()
    for writer, name in zip(writers, ("a", "b"), strict=True):
        for _ in range(15):
            acknowledged.add(f"{name}{writer.stdout.readline().strip()}")
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for writer, name in zip(writers, ("a", "b"), strict=True):
        rest, _ = writer.communicate()
        acknowledged |= {f"{name}{line}" for line in rest.split()}
    found = {pair.record_id for pair in read_journal(tmp_path).by_pair}
    assert acknowledged <= found
    assert len(found - acknowledged) <= 2  # written, not yet told
    assert stat.S_IMODE((tmp_path / DECISIONS_FILE).stat().st_mode) == 0o600


def test_a_full_disk_keeps_no_half_of_a_decision(tmp_path, monkeypatch):
    add_decisions(tmp_path, [Decision(some_pair(0), Verdict.SAME)], "revue", {})
    before = (tmp_path / DECISIONS_FILE).read_bytes()
    write = os.write
    monkeypatch.setattr(journal_module.os, "write", lambda handle, data: write(handle, data[:20]))
    with pytest.raises(UserFacingError) as caught:
        add_decisions(tmp_path, [Decision(some_pair(1), Verdict.SAME)], "revue", {})
    assert caught.value.code == "file_not_writable"
    assert (tmp_path / DECISIONS_FILE).read_bytes() == before


@pytest.mark.parametrize("author", ["", "  ", "\x00\n", "a" * 81])
def test_a_decision_without_an_author_is_refused(tmp_path, author):
    with pytest.raises(UserFacingError) as caught:
        add_decisions(tmp_path, [Decision(some_pair(0), Verdict.SAME)], author, {})
    assert caught.value.code == "review_author"
    assert not (tmp_path / DECISIONS_FILE).exists()


def test_who_decided_and_when_is_kept(tmp_path):
    add_decisions(tmp_path, [Decision(some_pair(0), Verdict.SAME, 4.5, "doubtful")], " Équipe\nPSAD ", {})
    decision = read_journal(tmp_path).by_pair[some_pair(0)]
    assert (decision.author, decision.weight, decision.reason) == ("Équipe PSAD", 4.5, "doubtful")
    assert decision.decided_at.tzinfo is not None


# Calibration


@pytest.mark.heavy
def test_calibration_counts_the_answers_by_band_with_their_interval(working_dir):
    queue = read_queue(working_dir)
    answers = [(5.0, Verdict.SAME)] * 7 + [(5.9, Verdict.DIFFERENT)] * 3 + [(4.0, Verdict.CANNOT_TELL)]
    decisions = [
        Decision(some_pair(number), verdict, weight, "doubtful")
        for number, (weight, verdict) in enumerate(answers)
    ]
    decisions.append(Decision(some_pair(90), Verdict.DIFFERENT, 5.0, "second_candidate"))
    add_decisions(working_dir, decisions, "revue", {})
    band = next(band for band in calibrate(working_dir, queue) if band.band == "4_6")
    assert (band.same, band.different, band.cannot_tell) == (7, 3, 1)
    lower, upper = wilson_interval(7, 10)
    assert (band.observed, band.lower, band.upper) == (0.7, pytest.approx(lower), pytest.approx(upper))
    expected = (7 / (1 + 2**-5.0) + 3 / (1 + 2**-5.9)) / 10
    assert band.announced == pytest.approx(expected)
    undo_save(working_dir, 1, "revue")
    assert all(band.observed is None for band in calibrate(working_dir, queue))


@given(st.floats(-30, 60))
def test_a_weight_is_in_one_band_lower_bound_included(weight):
    starts = {"below_2": -99, "2_4": 2, "4_6": 4, "6_8": 6, "8_12": 8, "12_16": 12, "16_plus": 16}
    assert weight_band(weight) == [name for name, start in starts.items() if weight >= start][-1]


# The files and the step


@pytest.mark.heavy
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_that_is_exported_filled_and_imported_gives_its_decisions(working_dir, suffix, capfd):
    assert main(["review", "--export", f"paires.{suffix}"]) == 0
    path = working_dir / REVIEW_DIR / f"paires.{suffix}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    fill(path, {pair_code(OTHER): "Oui"})
    assert main(["review", "--import", str(path), "--author", "Équipe PSAD"]) == 0
    journal = read_journal(working_dir)
    assert {pair: decision.verdict for pair, decision in journal.by_pair.items()} == {OTHER: Verdict.SAME}
    assert journal.by_pair[OTHER].author == "Équipe PSAD"
    assert main(["review", "--status"]) == 0
    told = capfd.readouterr()
    assert "même personne : 1" in told.out
    assert "Décisions gardées en tout, par paire : 1." in told.out.replace("\u202f", " ")
    check_nothing_nominative(told.out + told.err)


def fill(path: Path, answers: dict[str, str]) -> None:
    """Fill the column of decisions as a person would, in the same format."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=2):
            row[1].value = answers.get(row[0].value, "")
        book.save(path)
        return
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    filled = [lines[0]]
    for line in lines[1:]:
        code, _, rest = line.split(";", 2)
        filled.append(f"{code};{answers.get(code, '')};{rest}")
    path.write_text("\n".join(filled), encoding="utf-8-sig")


def check_nothing_nominative(text: str) -> None:
    names = {cells[name] for _, cells in planted() for name in ("nom", "prenom", "record_id")}
    assert not [name for name in names if str(name) in text]


@pytest.mark.heavy
def test_names_that_look_like_formulas_are_texts_in_both_formats(working_dir):
    main(["review", "--export", "paires.csv"])
    main(["review", "--export", "paires.xlsx"])
    text = (working_dir / REVIEW_DIR / "paires.csv").read_text(encoding="utf-8-sig")
    assert ";'=Vauclusard;" in text
    assert ";=Vauclusard" not in text
    book = load_workbook(working_dir / REVIEW_DIR / "paires.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=Vauclusard"]
    assert cells == [] or {cell.data_type for cell in cells} == {"s"}
    assert b"<f>" not in (working_dir / REVIEW_DIR / "paires.xlsx").read_bytes()


@pytest.mark.heavy
def test_an_import_lists_every_problem_and_keeps_nothing(working_dir, capfd):
    main(["review", "--export", "paires.csv"])
    path = working_dir / REVIEW_DIR / "paires.csv"
    code, other = pair_code(HOMONYM), pair_code(OTHER)
    path.write_text(
        f"paire;décision\n{code};oui\nPinconnu;non\n{other};Carvoisin\n{code};non\n", encoding="cp1252"
    )
    queue = read_queue(working_dir)
    with pytest.raises(FileContractError) as caught:
        read_review_file(path, queue)
    assert [(p.row, p.code) for p in caught.value.problems] == [
        (3, "review_pair_unknown"),
        (4, "review_verdict"),
        (5, "review_pair_twice"),
    ]
    assert main(["review", "--import", str(path), "--author", "a"]) == 1
    told = capfd.readouterr()
    assert "ligne 5" in told.err
    check_nothing_nominative(told.out + told.err + str(caught.value))
    assert not (working_dir / DECISIONS_FILE).exists()


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "review_unreadable"),
        (b"", "review_unreadable"),
        (b"PK\x03\x04 broken", "file_contract"),
        (b"paire;d\xc3\xa9cision\n", "review_no_decision"),
        (b"autre\n", "file_contract"),
    ],
)
def test_a_file_that_is_not_the_exported_one_is_refused(working_dir, tmp_path, content, code):
    path = tmp_path / "rempli.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserFacingError) as caught:
        read_review_file(path, read_queue(working_dir))
    assert caught.value.code == code


@pytest.mark.heavy
def test_a_broken_workbook_is_refused(working_dir, tmp_path):
    path = tmp_path / "rempli.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(UserFacingError) as caught:
        read_review_file(path, read_queue(working_dir))
    assert caught.value.code == "review_unreadable"


@pytest.mark.heavy
def test_pairs_are_only_written_in_the_folder_of_the_review(working_dir, tmp_path, capsys):
    for asked in (tmp_path / "paires.csv", working_dir / REVIEW_DIR / ".." / ".." / "paires.csv"):
        assert main(["review", "--export", str(asked)]) == 1
        assert "hors du dossier de travail" in capsys.readouterr().err
    assert main(["review", "--export", "paires.txt"]) == 1
    assert not list(tmp_path.glob("*.csv"))


def test_the_step_asks_what_to_do_and_who_decides(working_dir, capsys):
    assert main(["review"]) == 1
    assert "--status" in capsys.readouterr().err
    assert main(["review", "--import", "x.csv"]) == 1
    assert "--author" in capsys.readouterr().err


@pytest.mark.heavy
def test_decisions_outlive_another_run_of_the_extracts(working_dir):
    queue = read_queue(working_dir)
    decide(working_dir, queue, [shown_or_made(queue, HOMONYM, Verdict.SAME)], "revue")
    before = json.loads((working_dir / DECISIONS_FILE).read_text())
    write_working_file(working_dir, generated(0.02, seed=3), planted())  # what extracts swaps in
    assert json.loads((working_dir / DECISIONS_FILE).read_text()) == before
    assert read_journal(working_dir).by_pair[HOMONYM].verdict is Verdict.SAME
