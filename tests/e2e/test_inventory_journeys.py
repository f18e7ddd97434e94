"""The inventory of a basin as people fill it: by keyboard, two at a time, with reloads and hostile texts."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from observatory.domain.cooperation import Partner
from observatory.french.cooperation import PARTNERS as WORDS
from observatory.french.inventory_page import SECTION_LABELS
from tests.e2e.harness import (
    HOSTILE,
    LOCAL_HOST,
    ROOT,
    START_SECONDS,
    AppServer,
    Person,
    free_port,
    run_axe,
    show_at,
    wait_ready,
)
from tests.e2e.test_projection import small_texts

PARTNERS = [partner.value for partner in Partner]
PAIRS = [f"{a}>{b}" for a in PARTNERS for b in PARTNERS if a != b]
SAVED = 6_000


def cell(page: Page, key: str) -> Locator:
    return page.locator(f'[data-cell="{key}"]')


def focus_is_in_the_grid(page: Page) -> bool:
    """Whether the keyboard is in a cell, seen through the component's own root."""
    return bool(
        page.evaluate(
            "() => { let n = document.activeElement; while (n && n.shadowRoot) "
            "n = n.shadowRoot.activeElement; return !!(n && n.dataset && n.dataset.cell); }"
        )
    )


def tab_to_the_grid(page: Page) -> None:
    """Reach the grid with the Tab key alone."""
    for _ in range(60):
        if focus_is_in_the_grid(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the grid is not reached by the Tab key")


def stored(server: AppServer, area: str, kind: str = "rating") -> dict[tuple[str, str], str]:
    """Real values of a basin, as they stand in the database."""
    with closing(sqlite3.connect(server.var_dir / "observatoire.sqlite")) as connection:
        rows = connection.execute(
            "SELECT record_key, field, value FROM cooperation_entry "
            "WHERE area_code = ? AND kind = ? AND NOT is_demonstration",
            (area, kind),
        ).fetchall()
    return {(record, field): value for record, field, value in rows}


def levels(server: AppServer, area: str) -> dict[str, str]:
    return {record: value for (record, field), value in stored(server, area).items() if field == "level"}


def expect_stored(page: Page, read: Callable[[], object], wanted: object, timeout: int = SAVED) -> None:
    """Wait until the database says ``wanted``."""
    deadline = monotonic() + timeout / 1000
    while read() != wanted and monotonic() < deadline:
        page.wait_for_timeout(40)
    assert read() == wanted


def test_a_basin_is_filled_from_empty_with_the_keyboard_alone(visit, inventory_server):
    page = visit("/cooperation?bassin=AM02")
    expect(page.locator("h1")).to_contain_text("rien n’est encore renseigné")
    tab_to_the_grid(page)
    start = monotonic()
    wanted = {}
    for number, pair in enumerate(PAIRS):
        level = str(number % 6)
        expect(cell(page, pair)).to_be_focused()
        page.keyboard.press(level)
        wanted[pair] = level
        page.keyboard.press("ArrowRight")
    expect_stored(page, lambda: levels(inventory_server, "AM02"), wanted, timeout=30_000)
    assert monotonic() - start < 60
    said = stored(inventory_server, "AM02")
    for pair in PAIRS:
        assert said[pair, "rated_by"] == WORDS[Partner(pair.partition(">")[0])].label
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", said[pair, "rated_on"]) for pair in PAIRS)
    expect(page.locator(".coop-head")).to_contain_text("42 sur 42")


def test_one_entry_is_shown_at_once_and_saved_in_less_than_a_second(visit, inventory_server):
    page = visit("/cooperation?bassin=AM03")
    target = cell(page, "cio>pjj")
    target.focus()
    times = []
    for level in "4321":
        start = monotonic()
        page.keyboard.press(level)
        assert target.inner_text().startswith(level)
        expect(target.locator(".mark")).to_have_text("✓", timeout=SAVED)
        times.append(monotonic() - start)
    print(f"key to saved: {[round(t, 3) for t in times]} s")
    assert sorted(times)[1] < 1.5
    assert levels(inventory_server, "AM03") == {"cio>pjj": "1"}


def test_keys_pressed_while_a_value_is_being_saved_are_not_lost(visit, inventory_server):
    page = visit("/cooperation?bassin=AM04")
    cell(page, "cio>pjj").focus()
    for key in ("1", "2", "3", "ArrowRight", "5", "4", "Delete", "ArrowRight", "0", "2"):
        page.keyboard.press(key)
    expect_stored(
        page,
        lambda: {k: v for k, v in levels(inventory_server, "AM04").items() if v},
        {"cio>pjj": "3", "cio>cfa": "2"},
    )
    wait_ready(page)
    assert page.get_by_text("À départager").count() == 0


def test_not_reported_is_set_by_the_keyboard_and_is_not_zero(visit, inventory_server):
    page = visit("/cooperation?bassin=AM05")
    target = cell(page, "pjj>cio")
    target.focus()
    page.keyboard.press("0")
    expect_stored(page, lambda: levels(inventory_server, "AM05"), {"pjj>cio": "0"})
    expect(target).to_have_attribute("aria-label", re.compile("PJJ à propos de CIO : 0, aucun lien"))
    page.keyboard.press("Delete")
    expect_stored(page, lambda: levels(inventory_server, "AM05"), {"pjj>cio": ""})
    expect(target).to_have_attribute("aria-label", re.compile("non renseigné"))
    expect(target).to_have_text(re.compile(r"^\?"))


def test_a_click_offers_the_six_levels_in_words(visit, inventory_server):
    page = visit("/cooperation?bassin=AM06")
    cell(page, "cio>cfa").click()
    menu = page.get_by_role("dialog", name="CIO à propos de CFA")
    expect(menu.get_by_role("button")).to_have_count(8)
    menu.get_by_role("button", name="se coordonnent").click()
    expect_stored(page, lambda: levels(inventory_server, "AM06"), {"cio>cfa": "3"})
    expect(menu).to_have_count(0)


def test_a_level_chosen_in_a_menu_that_was_open_during_a_save_is_no_conflict(visit, inventory_server):
    page = visit("/cooperation?bassin=NI03")
    cell(page, "cio>cfa").focus()
    page.keyboard.press("1")
    page.keyboard.press("Space")
    menu = page.get_by_role("dialog", name="CIO à propos de CFA")
    expect(menu).to_be_visible()
    expect_stored(page, lambda: levels(inventory_server, "NI03"), {"cio>cfa": "1"})
    wait_ready(page)
    expect(menu).to_be_visible()
    page.keyboard.press("4")
    expect_stored(page, lambda: levels(inventory_server, "NI03"), {"cio>cfa": "4"})
    wait_ready(page)
    expect(cell(page, "cio>cfa")).to_be_focused()
    expect(cell(page, "cio>cfa")).to_have_text(re.compile("^4"))
    assert page.locator(".coop-conflict").count() == 0


def test_what_was_entered_outlives_a_reload_in_the_middle(visit, inventory_server):
    page = visit("/cooperation?bassin=AM07")
    cell(page, "cio>pjj").focus()
    for key in ("4", "ArrowRight", "3", "ArrowRight", "2"):
        page.keyboard.press(key)
    page.reload()
    wait_ready(page)
    wanted = {"cio>pjj": "4", "cio>region": "3", "cio>cfa": "2"}
    expect_stored(page, lambda: levels(inventory_server, "AM07"), wanted)
    for pair, level in wanted.items():
        expect(cell(page, pair)).to_have_text(re.compile(f"^{level}"))
    assert page.get_by_text("À départager").count() == 0


def start_server(var_dir: Path, port: int) -> subprocess.Popen[bytes]:
    """The application on a port that is known beforehand, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "observatory.launch", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "OBSERVATOIRE_VAR_DIR": str(var_dir), "OBSERVATOIRE_DEMO": "non"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{LOCAL_HOST}:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return process
        except OSError:
            sleep(0.1)
    raise AssertionError("the server does not answer")


def kill_server(process: subprocess.Popen[bytes]) -> None:
    """End a server and what it started at once, without letting it finish anything."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_what_is_entered_while_the_server_dies_is_saved_when_it_is_back(browser, inventory_server, tmp_path):
    var_dir = tmp_path / "var"
    shutil.copytree(inventory_server.var_dir, var_dir)
    server = AppServer("", free_port(), var_dir, var_dir / "server.log")
    address = f"http://{LOCAL_HOST}:{server.port}"
    process = start_server(var_dir, server.port)
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce")
    try:
        context.add_cookies([Person().cookie()])
        page = context.new_page()
        page.goto(f"{address}/cooperation?bassin=NI02")
        wait_ready(page)
        cell(page, "cio>pjj").focus()
        page.keyboard.press("1")
        expect_stored(page, lambda: levels(server, "NI02"), {"cio>pjj": "1"})
        page.keyboard.press("ArrowRight")
        page.keyboard.press("4")
        kill_server(process)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("5")
        expect(cell(page, "cio>cfa")).to_have_text(re.compile("^5"))
        process = start_server(var_dir, server.port)
        wanted = {"cio>pjj": "1", "cio>region": "4", "cio>cfa": "5"}
        expect_stored(page, lambda: levels(server, "NI02"), wanted, timeout=40_000)
        wait_ready(page)
        assert page.locator(".coop-conflict").count() == 0
    finally:
        context.close()
        kill_server(process)


def test_two_people_on_the_same_link_see_both_values_and_choose(visit, inventory_server):
    first = visit("/cooperation?bassin=AM08", name="A. Première")
    second = visit("/cooperation?bassin=AM08", name="B. Second")
    cell(first, "cio>pjj").focus()
    first.keyboard.press("2")
    expect_stored(first, lambda: levels(inventory_server, "AM08"), {"cio>pjj": "2"})
    cell(second, "cio>pjj").focus()
    second.keyboard.press("5")
    settle = second.get_by_text("À départager : une réponse")
    expect(settle).to_be_visible()
    conflict = second.locator(".coop-conflict")
    expect(conflict).to_be_hidden()
    expect(cell(second, "enseignement_agricole>cio")).to_be_in_viewport(ratio=1)
    settle.click()
    expect(conflict).to_be_visible()
    for text in ("2 – coopèrent", "A. Première", "5 – agissent d’un seul tenant", "B. Second"):
        expect(conflict).to_contain_text(text)
    assert levels(inventory_server, "AM08") == {"cio>pjj": "2"}
    second.get_by_role("button", name="Prendre l’autre").first.click()
    expect_stored(second, lambda: levels(inventory_server, "AM08"), {"cio>pjj": "5"})
    expect(conflict).to_have_count(0)
    # The first person sees it at the next action, and a save over it is no conflict any more.
    cell(first, "pjj>cio").focus()
    first.keyboard.press("1")
    expect(cell(first, "cio>pjj")).to_have_text(re.compile("^5"))
    wait_ready(first)
    assert first.locator(".coop-conflict").count() == 0
    first.get_by_role("radio", name="Historique").click()
    for text in ("A. Première", "B. Second", "choix entre deux valeurs"):
        expect(first.locator(".coop-long")).to_contain_text(text)


def test_the_last_entry_is_undone_by_the_person_who_made_it(visit, inventory_server):
    page = visit("/cooperation?bassin=AM09")
    cell(page, "cio>pjj").focus()
    for key in ("4", "ArrowRight", "3"):
        page.keyboard.press(key)
        wait_ready(page)
    page.get_by_role("button", name="Annuler ma dernière saisie").click()
    expect_stored(page, lambda: levels(inventory_server, "AM09"), {"cio>pjj": "4", "cio>region": ""})
    expect(page.get_by_role("status").filter(has_text="annulée")).to_be_visible()
    expect(cell(page, "cio>region")).to_have_text(re.compile(r"^\?"))


def test_markup_in_free_texts_stays_text_everywhere(visit, inventory_server):
    page = visit("/cooperation?bassin=AM10")
    cell(page, "cio>pjj").focus()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    evidence = page.get_by_role("textbox", name="Ce qui l’appuie")
    evidence.fill(HOSTILE)
    page.keyboard.press("Tab")
    expect_stored(page, lambda: stored(inventory_server, "AM10").get(("cio>pjj", "evidence")), HOSTILE)
    expect(page.locator(".coop-past")).to_contain_text("<img src=x")
    page.get_by_text("En toutes lettres").click()
    expect(page.locator(".coop-words")).to_contain_text("<script>")
    page.get_by_role("radio", name="Actions").click()
    add = page.get_by_role("textbox", name="Ajouter une action")
    add.fill(HOSTILE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid")).to_contain_text("<img src=x")
    page.get_by_role("radio", name="Historique").click()
    expect(page.locator(".coop-long")).to_contain_text("<script>")
    page.get_by_role("radio", name="Liens").click()
    page.get_by_role("button", name="Fermer les détails").click()
    expect(page.get_by_role("heading", name="Actions en cours")).to_be_visible()
    wait_ready(page)
    assert page.locator("img[src='x']").count() == 0
    assert page.title() not in ("1", "2")


def test_a_modality_is_filled_with_its_state_its_fields_and_a_reply(visit, inventory_server):
    page = visit("/cooperation?bassin=AM11&section=modalites")
    cell(page, "handover").focus()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Relais entre opérateurs")).to_be_visible()
    for name, text in (
        ("Ce qui est en place", "Un relais écrit."),
        ("Fréquence", "tous les mois"),
        ("Copilote", "CIO"),
    ):
        page.get_by_role("textbox", name=name, exact=True).fill(text)
        page.keyboard.press("Tab")
    page.get_by_role("radio", name="Preuves").click()
    page.get_by_role("textbox", name="Lien vers une preuve").fill("pas une adresse")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="n’est pas une adresse").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Lien vers une preuve")).to_have_value("pas une adresse")
    page.get_by_role("radio", name="Réponses").click()
    page.get_by_role("textbox", name="Sa réponse").fill("Le relais ne couvre pas l’été.")
    page.keyboard.press("Tab")
    expect(page.locator(".coop-version")).to_contain_text("Le relais ne couvre pas l’été.")
    values = stored(inventory_server, "AM11", "modality")
    assert values["handover", "status"] == "partial"
    assert values["handover", "description"] == "Un relais écrit."
    assert values["handover", "co_pilot"] == "CIO"
    assert ("handover", "evidence_link") not in values
    expect(page).to_have_url(re.compile("section=modalites"))


def test_resources_diagnosis_and_actions_are_added_and_changed(visit, inventory_server):
    page = visit("/cooperation?bassin=AM12&section=ressources")
    page.get_by_role("textbox", name="Ajouter une ressource").fill("École de la deuxième chance")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Capacité").fill("40 places")
    page.keyboard.press("Tab")
    expect(page.get_by_role("grid")).to_contain_text("40 places")
    page.get_by_role("radio", name="Diagnostic", exact=True).click()
    page.get_by_role("textbox", name="Besoins des publics").fill("Un hébergement.")
    page.keyboard.press("Tab")
    wait_ready(page)
    page.get_by_role("textbox", name="Besoins des publics").fill("Un hébergement et des transports.")
    page.keyboard.press("Tab")
    expect_stored(
        page,
        lambda: stored(inventory_server, "AM12", "diagnosis").get(("needs", "text")),
        "Un hébergement et des transports.",
    )
    page.get_by_text("Versions").first.click()
    expect(page.locator(".coop-version")).to_have_count(2)
    page.get_by_role("radio", name="Actions").click()
    page.get_by_role("textbox", name="Ajouter une action").fill("Navette du mercredi")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Ce qui bloque").fill("Le financement.")
    page.keyboard.press("Tab")
    page.locator("[data-cell]").first.focus()
    page.keyboard.press("3")
    expect(page.locator("[data-cell]").first).to_have_text(re.compile("en retard"))
    expect_stored(
        page,
        lambda: sorted(
            v for (_, f), v in stored(inventory_server, "AM12", "action").items() if f != "removed"
        ),
        ["Le financement.", "Navette du mercredi", "late"],
    )
    page.get_by_role("button", name="Retirer de la liste").click()
    expect(page.get_by_text("Aucune action n’est encore inscrite")).to_be_visible()


def test_a_picture_is_attached_downloaded_and_detached_and_a_disguise_is_refused(visit, inventory_server):
    page = visit("/cooperation?bassin=AM16&section=modalites")
    page.get_by_role("radio", name="Preuves").click()
    place = page.get_by_test_id("stFileUploaderDropzoneInput")
    place.set_input_files(
        {"name": "page.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    page.get_by_role("button", name="Joindre ce fichier").click()
    expect(page.locator(".obs-saved-problem")).to_be_visible()
    assert stored(inventory_server, "AM16", "modality") == {}
    wait_ready(page)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#1f625f").save(picture, "PNG")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "feuille d’émargement.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="Joindre ce fichier").click()
    link = page.get_by_test_id("stDownloadButton").get_by_role("button")
    expect(link).to_contain_text("feuille d’émargement.png")
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_text("Aucune pièce jointe")).to_be_visible()


def test_the_template_of_a_basin_is_downloaded_filled_and_imported(visit, inventory_server, tmp_path):
    page = visit("/cooperation?bassin=NI01")
    page.get_by_role("button", name="Fichiers").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Modèle XLSX du bassin").click()
    filled = tmp_path / "filled.xlsx"
    download.value.save_as(filled)
    book = openpyxl.load_workbook(filled)
    sheet = book["Liens"]
    heading = next(row for row in sheet.iter_rows() if any(c.value == "Niveau" for c in row))
    column = next(c.column for c in heading if c.value == "Niveau")
    for step, text in enumerate(("3 – se coordonnent", "aucune idée"), start=1):
        sheet.cell(heading[0].row + step, column).value = text
    book.save(filled)
    place = page.get_by_test_id("stFileUploaderDropzoneInput")
    place.set_input_files(str(filled))
    page.get_by_role("button", name="Importer ce fichier").click()
    expect(page.get_by_role("alert").filter(has_text="Rien n’a été importé")).to_contain_text("aucune idée")
    assert levels(inventory_server, "NI01") == {}
    sheet.cell(heading[0].row + 2, column).value = None
    book.save(filled)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(filled))
    page.get_by_role("button", name="Importer ce fichier").click()
    expect_stored(page, lambda: list(levels(inventory_server, "NI01").values()), ["3"])
    expect(page.get_by_role("status").filter(has_text="Import terminé")).to_be_visible()


def test_outside_of_the_perimeter_one_reads_and_knows_why(visit, inventory_server):
    page = visit("/cooperation?bassin=AM13", areas=("AM02",))
    expect(page.get_by_text("n’est pas dans le périmètre").first).to_be_visible()
    cell(page, "cio>pjj").focus()
    page.keyboard.press("3")
    wait_ready(page)
    assert levels(inventory_server, "AM13") == {}
    expect(cell(page, "cio>pjj")).to_have_text(re.compile(r"^\?"))
    expect(page.get_by_role("grid")).to_have_attribute("aria-readonly", "true")


def test_a_person_says_who_they_are_once(visit, inventory_server):
    page = visit("/cooperation?bassin=AM14", name="")
    cell(page, "cio>pjj").focus()
    page.keyboard.press("3")
    expect(page.get_by_text("dites d’abord qui vous êtes").first).to_be_visible()
    page.get_by_role("button", name="Dire qui vous êtes").click()
    page.get_by_role("textbox", name="Votre nom").fill("C. *Troisième*")
    page.get_by_role("combobox", name="Votre structure").click()
    page.get_by_role("option", name="Mission locale").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("button", name="C. *Troisième*, Mission locale")).to_be_visible()
    cell(page, "cio>pjj").focus()
    page.keyboard.press("3")
    expect_stored(page, lambda: levels(inventory_server, "AM14"), {"cio>pjj": "3"})
    page.reload()
    wait_ready(page)
    expect(page.get_by_role("button", name="C. *Troisième*, Mission locale")).to_be_visible()


def test_the_projected_matrix_is_filled_and_the_page_keys_change_the_section(visit, inventory_server):
    page = visit("/cooperation?bassin=AM15&projection=oui")
    cell(page, "cio>pjj").focus()
    for key in ("4", "ArrowRight", "3"):
        page.keyboard.press(key)
    expect_stored(page, lambda: levels(inventory_server, "AM15"), {"cio>pjj": "4", "cio>region": "3"})
    expect(page.locator("h1")).to_contain_text("Cavaillon – Apt")
    page.keyboard.press("PageDown")
    expect(page.locator(".coop-wall .coop-network")).to_be_visible()
    expect(page.get_by_role("region", name="paire par paire")).to_contain_text("CIO 4")
    page.keyboard.press("PageDown")
    expect(page.locator("h1")).to_contain_text("modalités")
    cell(page, "handover").focus()
    page.keyboard.press("1")
    expect_stored(
        page,
        lambda: stored(inventory_server, "AM15", "modality"),
        {("handover", "status"): "done"},
    )


def test_no_section_of_the_basin_view_has_a_serious_finding(visit):
    page = visit("/cooperation?bassin=AM02")
    for section, label in SECTION_LABELS.items():
        page.get_by_role("radio", name=label, exact=True).click()
        expect(page).to_have_url(re.compile(rf"section={section}" if section != "liens" else "bassin=AM02"))
        wait_ready(page)
        assert run_axe(page) == [], section


@pytest.mark.parametrize("section", ["liens", "modalites", "diagnostic", "actions"])
def test_the_projected_basin_view_is_large_whole_and_has_no_serious_finding(page_at, section):
    page = page_at(f"/cooperation?bassin=AM14&section={section}&projection=oui")
    for size in ("laptop", "projector"):
        show_at(page, size)
        assert run_axe(page) == [], size
        assert small_texts(page) == [], size
        high = page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight - main.clientHeight")
        assert high <= 0, size


def test_menus_details_and_conflicts_have_no_serious_finding(visit, inventory_server):
    page = visit("/cooperation?bassin=NI04", name="A. Première")
    for name in ("Ce que veulent dire les niveaux", "A. Première", "Fichiers"):
        page.get_by_role("button", name=name).click()
        wait_ready(page)
        assert run_axe(page) == [], name
        page.keyboard.press("Escape")
    other = visit("/cooperation?bassin=NI04", name="B. Second")
    cell(page, "cio>pjj").focus()
    page.keyboard.press("2")
    expect_stored(page, lambda: levels(inventory_server, "NI04"), {"cio>pjj": "2"})
    cell(other, "cio>pjj").focus()
    other.keyboard.press("5")
    other.get_by_text("À départager : une réponse").click()
    expect(other.locator(".coop-conflict")).to_be_visible()
    cell(other, "cio>pjj").focus()
    other.keyboard.press("Enter")
    expect(other.get_by_role("textbox", name="Ce qui l’appuie")).to_be_visible()
    cell(other, "cio>cfa").click()
    wait_ready(other)
    assert run_axe(other) == []


def test_a_save_is_told_without_moving_the_page(visit, inventory_server):
    page = visit("/cooperation?bassin=NI12&section=diagnostic")
    field = page.get_by_label("Besoins des publics")
    stood = field.bounding_box()
    for text in ("Un hébergement.", "Un hébergement et un car."):
        field.fill(text)
        page.keyboard.press("Tab")
        expect_stored(page, lambda: stored(inventory_server, "NI12", "diagnosis"), {("needs", "text"): text})
        expect(page.get_by_role("status").filter(has_text="Enregistré")).to_be_visible()
        assert field.bounding_box() == stood


def test_the_network_and_its_legend_are_whole_on_a_small_screen(page_at):
    page = page_at("/cooperation?bassin=AM01&section=reseau")
    for place in (page.locator(".coop-network svg"), page.get_by_role("list", name="Légende du réseau")):
        expect(place).to_be_in_viewport(ratio=1)


def test_the_inventory_of_a_basin_comes_as_a_workbook_and_as_a_table(page_at):
    page = page_at("/cooperation?bassin=AM01")
    page.get_by_role("button", name="Fichiers").click()
    for label, start in (
        ("Inventaire du bassin, XLSX", b"PK"),
        ("Inventaire du bassin, CSV", b"\xef\xbb\xbf"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start), label
        assert len(content) > 1000, label
