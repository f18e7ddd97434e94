"""Files attached to a record: checked by their content before they are kept, given back as a download."""

from __future__ import annotations

import streamlit as st

from observatory.domain.inventory import Edit
from observatory.errors import UserFacingError
from observatory.export.evidence import EXTENSIONS, check_evidence
from observatory.french import inventory_page as words
from observatory.store.engine import Store
from observatory.store.inventory_attachments import add_attachment, read_attachment_content, read_attachments
from observatory.ui import html, inventory_actions
from observatory.ui.data import open_inventory
from observatory.ui.labels import plain
from observatory.views.inventory_records import Record

_FIELD = "attachments"
_TYPES = [extension for extensions in EXTENSIONS.values() for extension in extensions]


def show_attachments(record: Record, *, disabled: bool) -> None:
    """The files of a record, each as a download, and the place to add one."""
    store = open_inventory()
    found = read_attachments(store, record.value(_FIELD).split())
    if not found:
        html.show(html.markup('<p class="obs-small">{}</p>', words.NO_FILE))
    for item in found:
        with st.container(key=f"file_{item.attachment_id}", horizontal=True):
            st.download_button(
                plain(item.file_name),
                data=_reader(store, item.attachment_id),
                file_name=item.file_name,
                mime=item.media_type,
                key=f"download_{item.attachment_id}",
                icon=":material/download:",
                on_click="ignore",
            )
            st.button(
                words.DETACH,
                key=f"detach_{item.attachment_id}",
                disabled=disabled,
                on_click=_detach,
                args=(record, item.attachment_id),
            )
    number = st.session_state.setdefault("file_number", 0)
    widget = f"file_{record.area_code}_{record.key}_{number}"
    st.file_uploader(words.ADD_FILE, type=_TYPES, key=widget, disabled=disabled, max_upload_size=5)
    if st.session_state.get(widget) is not None:
        st.button(
            words.ATTACH, key=f"attach_{number}", type="primary", on_click=_attach, args=(record, widget)
        )


def _attach(record: Record, widget: str) -> None:
    uploaded = st.session_state.get(widget)
    if uploaded is None:
        return
    content = uploaded.getvalue()

    def keep(store: Store, actor: object) -> str:
        evidence = check_evidence(uploaded.name, content)
        return add_attachment(
            store,
            actor,  # type: ignore[arg-type]
            record.area_code,
            evidence.file_name,
            evidence.media_type,
            evidence.content,
        )

    identifier = inventory_actions.run(keep)
    # Another key empties the place: the same file is not offered twice.
    st.session_state["file_number"] += 1
    if identifier is None:
        return
    listed = " ".join([*record.value(_FIELD).split(), identifier])
    result = inventory_actions.save([Edit(record.field(_FIELD), listed, record.seen(_FIELD))])
    if result is not None and not result.conflicts:
        inventory_actions.note(words.ATTACHED.format(name=uploaded.name[-80:]))


def _detach(record: Record, identifier: str) -> None:
    kept = " ".join(part for part in record.value(_FIELD).split() if part != identifier)
    if inventory_actions.save([Edit(record.field(_FIELD), kept, record.seen(_FIELD))]) is not None:
        inventory_actions.note(words.DETACHED)


def _reader(store: Store, identifier: str):  # type: ignore[no-untyped-def]
    """The content, read when the download is asked and not at each run."""

    def read() -> bytes:
        try:
            return read_attachment_content(store, identifier)
        except UserFacingError:
            return b""

    return read
