"""Names that wish harm, and databases that cannot be used: text stays text, one sentence and no trace."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness import ROOT, AppServer, running_server, wait_ready
from tests.e2e.map_screen import map_of

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=1+1"


@pytest.fixture(scope="module")
def hostile_server(built_var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The application on territory files where someone who wishes harm names basins and services."""
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(built_var_dir, root / "var")
    shutil.copytree(ROOT / "data", root / "data")
    rewrite(root / "data/territory/basins.csv", "basin_code", "AM04", ("basin_label", "short_label"), MARKUP)
    rewrite(root / "data/territory/basins.csv", "basin_code", "AM01", ("basin_label", "short_label"), FORMULA)
    rewrite(root / "data/territory/services.csv", "basin_code", "AM04", ("label", "detail"), MARKUP)
    environ = {"OBSERVATOIRE_VAR_DIR": str(root / "var"), "OBSERVATOIRE_DATA_DIR": str(root / "data")}
    with running_server(root / "var", environ) as server:
        yield server


def rewrite(path: Path, key: str, value: str, columns: tuple[str, ...], text: str) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if row[key] == value:
            row.update(dict.fromkeys(columns, text))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def watch_dialogs(page: Page) -> list[str]:
    """Messages of the dialogs that the page opens from now on; there must be none."""
    opened: list[str] = []

    def close(dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return opened


def planted(page: Page) -> int:
    """Images of the page and its frames, in shadow trees too, whose source is the planted one."""
    script = """() => {
      let count = 0;
      const visit = (root) => root.querySelectorAll('*').forEach((node) => {
        if (node.getAttribute('onerror') || node.getAttribute('src') === 'x') count += 1;
        if (node.shadowRoot) visit(node.shadowRoot);
      });
      visit(document);
      return count;
    }"""
    return sum(frame.evaluate(script) for frame in page.frames)


def test_names_carrying_markup_stay_text_on_the_map_its_tooltips_and_its_list(page_at, hostile_server):
    page = page_at("/carte?bassin=AM04", server=hostile_server)
    opened = watch_dialogs(page)
    screen = map_of(page)
    expect(page.locator(".obs-name")).to_have_text(MARKUP)
    expect(screen.row("AM04")).to_have_text(MARKUP)
    expect(screen.row("AM01")).to_have_text(FORMULA)
    box = screen.frame.locator(".leaflet-obs-selection-pane path").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2 + 2)
    expect(screen.frame.locator(".obs-tip")).to_contain_text(MARKUP)

    page.get_by_role("button", name="Calques").click()
    page.get_by_text("Lycées", exact=True).click()
    screen.frame.wait_for_selector(".leaflet-obs-services-pane path", state="attached")
    wait_ready(page)
    assert planted(page) == 0
    assert opened == []


@pytest.mark.parametrize(
    "address", ["/", "/bassin", "/comparer?bassins=AM04,AM01", "/cooperation", "/croisement", "/methode"]
)
def test_names_carrying_markup_stay_text_on_every_other_page(page_at, hostile_server, address):
    page = page_at(f"{address}{'&' if '?' in address else '?'}bassin=AM04", server=hostile_server)
    opened = watch_dialogs(page)
    if address in ("/bassin", "/cooperation"):
        expect(page.locator("h1")).to_contain_text(MARKUP)
    if "comparer" in address:
        expect(page.get_by_test_id("stMain")).to_contain_text(MARKUP)
    wait_ready(page)
    assert planted(page) == 0
    assert opened == []


def expect_one_sentence(page: Page, said: str) -> None:
    """One alert that says ``said``, in French, with nothing of the program in it."""
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(said)
    shown = page.get_by_test_id("stMain").inner_text()
    assert re.search(r"Traceback|sqlalchemy|OperationalError|File \"|line \d", shown) is None
    assert re.search(r"\d,\d", shown) is None


def test_a_database_that_gets_damaged_is_one_sentence_and_the_page_comes_back_with_it(
    own_server, built_var_dir, page_at
):
    database = own_server.var_dir / "observatoire.sqlite"
    for log in own_server.var_dir.glob("observatoire.sqlite-*"):
        log.unlink()
    database.write_bytes(b"this is not a database " * 400)
    page = page_at("/carte", server=own_server)
    expect_one_sentence(page, "est abîmée")
    page.get_by_role("link", name="Coopération", exact=True).click()
    expect_one_sentence(page, "est abîmée")

    for log in own_server.var_dir.glob("observatoire.sqlite*"):
        log.unlink()
    shutil.copy(built_var_dir / "observatoire.sqlite", database)
    page.goto(f"{own_server.url}/bassin")
    expect(page.locator("h1")).to_have_text("Avignon")
