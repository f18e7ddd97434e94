"""The framework: what basins have in common is counted, what is unknown is said, what is typed stays text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from observatory.domain.cooperation import Modality, ModalityStatus
from observatory.domain.inventory import Entry, RecordKind
from observatory.export.font_coverage import breakable, drawable
from observatory.export.framework_document import framework_docx, framework_pdf
from observatory.views.framework import Framework, build_framework, shared_answers
from tests.unit.inventory_factory import observatory_of, say, say_framework

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
DAY = date(2026, 11, 23)
PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "#set page(width: 1cm)",
    "=1+1",
    "#panic()",
    "*gras* $x$ `y`",
    "{{x}}",
]
HANDOVER = {
    "AM01": {"status": "done", "pilot": "Mission locale", "tools": "annuaire ; tableau, relu à deux"},
    "AM02": {
        "status": "done",
        "pilot": "mission  Locale",
        "tools": "Annuaire ; annuaire",
        "frequency": "x",
    },
    "NI01": {"status": "partial", "pilot": "PJJ", "tools": "annuaire"},
    "NI02": {"status": "not_done", "pilot": "Mission locale"},
}
ENTRIES = [
    say(area, RecordKind.MODALITY, "handover", field, value)
    for area, fields in HANDOVER.items()
    for field, value in fields.items()
]
WRITTEN = [
    say_framework("handover", "shared_points", "Un relais nommé"),
    say_framework("handover", "practice", "Nommer un relais\npar structure"),
    say_framework("handover", "adopters", "les 28 bassins"),
    say_framework("handover", "due_on", "2027-06-01"),
    say_framework("handover", "state", "proposed"),
]


def framework(entries: list[Entry] | None = None) -> Framework:
    return build_framework(observatory_of(ENTRIES + WRITTEN if entries is None else entries))


def line(found: Framework, modality: Modality = Modality.HANDOVER):
    return next(line for line in found.lines if line.modality is modality)


def words_of_pdf(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def words_of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    text = " ".join([*(p.text for p in document.paragraphs), *cells])
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_every_modality_counts_every_basin_once_whatever_it_said() -> None:
    found = framework()
    assert [line.modality for line in found.lines] == list(Modality)
    assert {sum(len(names) for names in line.basins.values()) for line in found.lines} == {5}


def test_a_modality_names_where_it_is_in_place_where_not_and_counts_the_unknown() -> None:
    handover = line(framework())
    assert handover.basins[ModalityStatus.DONE] == ("Digne", "Manosque")
    assert handover.basins[ModalityStatus.PARTIAL] == ("Antibes",)
    assert handover.basins[ModalityStatus.NOT_DONE] == ("Cagnes",)
    assert (handover.in_place_count, handover.partial_count, handover.unknown_count) == (2, 1, 1)
    assert (
        handover.count_text.replace("\u202f", " ")
        == "en place dans 2 bassins sur 5, partiel dans 1 ; non renseigné dans 1"
    )
    assert ("non renseigné", "1 bassin") in handover.status_rows()


def test_common_answers_are_those_of_the_basins_where_it_is_in_place() -> None:
    shared = {s.field: s for s in line(framework()).shared}
    assert [(a.text, a.count) for a in shared["pilot"].answers] == [("Mission locale", 2)]
    assert (shared["pilot"].known_count, shared["pilot"].basin_count) == (2, 2)
    plain = shared["pilot"].sentence.replace("\u202f", " ").replace("\xa0", " ")
    assert plain == "Mission locale : 2 bassins sur 2"


def test_tools_are_counted_one_by_one_and_once_a_basin() -> None:
    (tools,) = [s for s in line(framework()).shared if s.field == "tools"]
    assert [(a.text.casefold(), a.count) for a in tools.answers] == [("annuaire", 2)]


def test_a_comma_inside_a_tool_does_not_make_two_tools() -> None:
    records = [
        {
            "tools": say(
                area, RecordKind.MODALITY, "handover", "tools", f"{name}, relu chaque semaine\nannuaire"
            )
        }
        for area, name in (("AM01", "Tableau"), ("AM02", "Fichier"))
    ]
    assert [a.text for a in shared_answers("tools", records).answers] == ["annuaire"]


def test_in_part_is_not_in_place() -> None:
    entries = [say("AM01", RecordKind.MODALITY, "handover", "status", "partial")]
    only = line(framework(entries))
    assert (only.in_place_count, only.shared) == (0, ())
    assert only.count_text.startswith("en place dans aucun bassin qui a répondu, partiel dans 1")


def test_an_answer_of_one_basin_is_not_common_and_no_answer_is_unknown() -> None:
    shared = {s.field: s for s in line(framework()).shared}
    assert shared["frequency"].answers == ()
    assert shared["frequency"].sentence.startswith("aucune réponse ne revient")
    assert shared["instance"].sentence == "non renseigné"


@given(st.lists(st.sampled_from(["CIO", "cio", "PJJ", "Région", ""]), max_size=12))
def test_counts_never_exceed_the_basins_that_answered(pilots: list[str]) -> None:
    records = [
        {"pilot": say("AM01", RecordKind.MODALITY, "handover", "pilot", p)} if p else {} for p in pilots
    ]
    found = shared_answers("pilot", records)
    assert found.known_count == sum(bool(p) for p in pilots)
    assert found.basin_count == len(pilots)
    assert sum(a.count for a in found.answers) <= found.known_count
    assert all(a.count >= 2 for a in found.answers)
    assert [a.count for a in found.answers] == sorted((a.count for a in found.answers), reverse=True)


def test_what_the_team_wrote_stands_beside_and_what_it_did_not_is_empty() -> None:
    handover = line(framework())
    assert (handover.practice, handover.due_on) == ("Nommer un relais\npar structure", date(2027, 6, 1))
    assert (handover.state_text, handover.due_text) == ("proposée", "1er juin 2027")
    other = line(framework(), Modality.EVALUATION)
    assert (other.is_written, other.due_text, other.state_text) == (False, "non renseigné", "non renseigné")


def test_an_inventory_that_is_empty_gives_a_framework_to_write() -> None:
    found = framework([])
    assert {line.unknown_count for line in found.lines} == {5}
    assert not found.is_demonstration
    assert "en place dans aucun bassin" in words_of_pdf(framework_pdf(found, FONTS, DAY)).lower()
    assert "à écrire" in words_of_docx(framework_docx(found, DAY))


def test_one_invented_answer_marks_its_modality_and_both_documents() -> None:
    invented = framework(
        [*ENTRIES, say("AM01", RecordKind.MODALITY, "evaluation", "status", "done", invented=True)]
    )
    assert invented.is_demonstration
    assert [line.modality for line in invented.lines if line.is_demonstration] == [Modality.EVALUATION]
    for said in (
        words_of_pdf(framework_pdf(invented, FONTS, DAY)),
        words_of_docx(framework_docx(invented, DAY)),
    ):
        assert "Données de démonstration" in said
    for said in (
        words_of_pdf(framework_pdf(framework(), FONTS, DAY)),
        words_of_docx(framework_docx(framework(), DAY)),
    ):
        assert "démonstration" not in said


def test_both_documents_hold_what_the_view_says() -> None:
    found = framework()
    for said in (words_of_pdf(framework_pdf(found, FONTS, DAY)), words_of_docx(framework_docx(found, DAY))):
        for part in (
            "Cadre méthodologique de la coopération",
            "Mission locale : 2 bassins sur 2",
            "En place dans 2 bassins sur 5, partiel dans 1",
            "Nommer un relais par structure",
            "les 28 bassins",
            "1er juin 2027",
            "proposée",
            "Digne et Manosque",
            "Source : inventaire de la coopération",
            "23 novembre 2026",
        ):
            assert part in said
        assert not {"nan", "None"} & set(said.split())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_typed_by_a_person_stays_text(payload: str) -> None:
    entries = [
        *ENTRIES,
        say_framework("handover", "practice", payload),
        say("AM01", RecordKind.MODALITY, "handover", "instance", payload),
        say("AM02", RecordKind.MODALITY, "handover", "instance", payload),
    ]
    found = framework(entries)
    shown = payload.replace("\xa0", " ")
    pdf = framework_pdf(found, FONTS, DAY)
    assert words_of_pdf(pdf).count(shown) == 2
    assert [float(v) for v in PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:]] == pytest.approx(
        [595, 842], abs=1
    )
    assert words_of_docx(framework_docx(found, DAY)).count(shown) == 2


def test_a_character_that_turns_the_text_round_or_breaks_the_file_is_left_out() -> None:
    found = framework([*ENTRIES, say_framework("handover", "practice", "a\u202eb\x00c\ufffe\ud800d\x0be")])
    said = words_of_docx(framework_docx(found, DAY))
    assert "abcd e" in said
    assert "\u202e" not in said + words_of_pdf(framework_pdf(found, FONTS, DAY))


def test_a_very_long_word_stays_between_the_margins() -> None:
    words = ["W" * 300, "https://exemple.fr/" + "é" * 200]
    found = framework([*ENTRIES, say_framework("handover", "practice", " ".join(words))])
    ends = []

    def visit(text: str, _: object, at: list[float], __: object, ___: object) -> None:
        if "W" in text or "é" * 9 in text:
            ends.append((at[4], len(text.strip())))

    for page in PdfReader(io.BytesIO(framework_pdf(found, FONTS, DAY))).pages:
        page.extract_text(visitor_text=visit)
    # No line holds more letters than stand between the margins.
    assert sum(count for _, count in ends) >= 500
    assert max(count for _, count in ends) < 100
    assert "W" * 300 in words_of_docx(framework_docx(found, DAY))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("✅ Réunion 👍🏽", "[signe] Réunion [signe]"),
        ("👩‍👩‍👧", "[signe]"),
        ("→ ≥ œ Ÿ « x » — e\u0301 1\u202f000 ’", "→ ≥ œ Ÿ « x » — é 1\u202f000 ’"),
    ],
)
def test_what_the_font_has_not_is_marked_and_everything_french_is_drawn(typed: str, printed: str) -> None:
    assert drawable(typed, FONTS) == printed
    found = framework([*ENTRIES, say_framework("handover", "practice", typed)])
    assert printed.replace("\u202f", " ") in words_of_pdf(framework_pdf(found, FONTS, DAY)).replace(
        "\u202f", " "
    )


def test_a_long_word_is_never_cut_between_a_letter_and_its_accent() -> None:
    word = "q\u0303" * 40
    assert breakable(word).replace("\u200b", "") == word
    assert "\u200b\u0303" not in breakable(word)
    assert breakable("un texte de mots courts") == "un texte de mots courts"


def test_the_document_has_headings_headers_page_numbers_and_its_language() -> None:
    content = framework_docx(framework(), DAY)
    document = docx.Document(io.BytesIO(content))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "Vue d’ensemble"
    assert headings[1:] == [line.label for line in framework().lines]
    assert len(document.tables) == 1 + 2 * len(Modality)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body, footer, styles = (
            archive.read(f"word/{name}.xml").decode() for name in ("document", "footer1", "styles")
        )
    assert "w:tblHeader" in body
    assert re.search(r"instrText[^>]*>PAGE<", footer)
    assert 'w:lang w:val="fr-FR"' in styles
    assert document.core_properties.title == "Cadre méthodologique de la coopération"


def test_the_pdf_is_tagged_numbered_and_the_same_twice() -> None:
    content = framework_pdf(framework(), FONTS, DAY)
    assert content == framework_pdf(framework(), FONTS, DAY)
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    last = len(reader.pages)
    assert last > 1
    assert f"page {last} sur {last}" in reader.pages[-1].extract_text()
