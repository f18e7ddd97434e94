"""The files of a basin: its inventory as tables, its template to fill away, and what comes back filled."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from observatory.domain.inventory import Edit
from observatory.errors import FileContractError, UserFacingError
from observatory.french import inventory_page as words
from observatory.french.calendar import today
from observatory.french.errors import describe_error, describe_problems
from observatory.store.inventory_saves import read_conflicts
from observatory.ui import html, inventory_actions
from observatory.ui.data import load_observatory, open_inventory
from observatory.ui.inventory_context import BasinInventory

_PROBLEMS = "template_problems"
_SHOWN_PROBLEMS = 40
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_files(basin: BasinInventory) -> None:
    """A menu: the inventory and the template to download, the place to give a filled one back."""
    area = basin.records.area_code
    menu = st.popover(words.FILES, key="files_menu", icon=":material/table_view:", on_change="rerun")
    if not menu.open:
        return
    with menu:
        for label, make, ending, media_type in (
            (words.BASIN_WORKBOOK, _workbook, "xlsx", _SPREADSHEET),
            (words.BASIN_TABLE, _table, "csv", "text/csv"),
        ):
            st.download_button(
                label,
                data=partial(make, area),
                file_name=f"inventaire-cooperation-{area}.{ending}",
                mime=media_type,
                icon=":material/download:",
                on_click="ignore",
                key=f"basin_download_{ending}",
            )
        st.download_button(
            words.TEMPLATE,
            data=lambda: _template(area),
            file_name=f"inventaire-{area}.xlsx",
            mime=_SPREADSHEET,
            icon=":material/download:",
            on_click="ignore",
            key="template_download",
        )
        number = st.session_state.setdefault("template_number", 0)
        widget = f"template_{area}_{number}"
        st.file_uploader(
            words.IMPORT, type=["xlsx"], key=widget, disabled=basin.is_reading, max_upload_size=5
        )
        if st.session_state.get(widget) is not None:
            st.button(
                words.IMPORT_NOW, key="template_import", type="primary", on_click=_import, args=(area, widget)
            )
        problems: list[str] = st.session_state.get(_PROBLEMS, {}).get(area, [])
        if problems:
            lines = html.join(html.markup("<li>{}</li>", text) for text in problems[:_SHOWN_PROBLEMS])
            html.show(
                html.markup(
                    '<div role="alert"><p class="coop-said"><strong>{}</strong></p>'
                    '<ul class="obs-list coop-problems">{}</ul></div>',
                    words.NOTHING_IMPORTED.format(count=len(problems)),
                    lines,
                )
            )


def _workbook(area: str) -> bytes:
    from observatory.export.inventory_workbook import inventory_workbook

    return inventory_workbook(load_observatory(), today(), basin=area)


def _table(area: str) -> bytes:
    from observatory.export.inventory_workbook import inventory_csv

    return inventory_csv(load_observatory(), today(), basin=area)


def _template(area: str) -> bytes:
    from observatory.export.inventory_template import basin_template

    observatory = load_observatory()
    return basin_template(
        observatory.basins[area],
        observatory.entries,
        datetime.now(UTC),
        indicators=_indicators(),
        conflicts=read_conflicts(open_inventory(), area),
    )


def _import(area: str, widget: str) -> None:
    uploaded = st.session_state.get(widget)
    if uploaded is None:
        return
    found = _read(area, uploaded.name, uploaded.getvalue())
    # Another key empties the place: the next file does not come after this one.
    st.session_state["template_number"] += 1
    st.session_state[_PROBLEMS] = {area: found if found and isinstance(found[0], str) else []}
    edits = [edit for edit in found if isinstance(edit, Edit)]
    if not edits:
        if not found:
            inventory_actions.note(words.NOTHING_NEW)
        return
    result = inventory_actions.save(edits, cause="import")
    if result is not None and not result.conflicts:
        told = words.IMPORTED if len(result.changes) > 1 else words.IMPORTED_ONE
        inventory_actions.note(told.format(count=len(result.changes)) + inventory_actions.hidden_text(result))
    if result is not None:
        st.session_state["files_menu"] = False


def _read(area: str, name: str, content: bytes) -> list[Edit] | list[str]:
    """The changes of a filled template, or what is wrong in it."""
    from observatory.export.inventory_reading import read_template

    observatory = load_observatory()
    basins = {area: observatory.basins[area]}
    try:
        return read_template(content, name[-80:], basins, observatory.entries, indicators=_indicators())
    except FileContractError as error:
        return describe_problems(error.problems)
    except UserFacingError as error:
        return [describe_error(error)]


def _indicators() -> dict[str, str]:
    return {code: found.label for code, found in load_observatory().catalogue.indicators.items()}
