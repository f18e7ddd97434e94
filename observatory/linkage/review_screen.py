"""The local screen of the review: one doubtful pair at a time, three answers. Not part of the application.

A Streamlit script of its own, started by ``python -m observatory.pipeline review --screen``: it only runs
with ``OBSERVATOIRE_REVUE=oui``, on 127.0.0.1, for who has the code told on the terminal. It reads the working
directory and writes the journal of decisions; it knows no database. Nothing of a record is in an address, a
title or a log.
"""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from html import escape
from pathlib import Path

import streamlit as st

from observatory.config import LinkageSettings, current_linkage_settings, current_settings
from observatory.errors import UserFacingError
from observatory.french import review as words
from observatory.french.errors import describe_error
from observatory.french.records import FIELDS, SOURCES, cell_text
from observatory.linkage.decisions import Verdict, clean_author, read_journal, undo_save
from observatory.linkage.review import Record, ReviewPair, ReviewQueue, decide, read_queue
from observatory.linkage.screen_access import Access, read_access
from observatory.linkage.working_file import LINKS_FILE

IDENTITY = (
    "nom", "nom_usage", "prenom", "prenom2", "prenom3", "sexe", "date_naissance", "commune_naissance",
    "commune_residence", "ine",
)  # fmt: skip
KEYS = {Verdict.SAME: "m", Verdict.DIFFERENT: "d", Verdict.CANNOT_TELL: "p"}
UNDO_KEY = "z"

_STYLE = """
<style>
.stMainBlockContainer { padding-top: 1.2rem; padding-bottom: 1rem; max-width: 1240px; }
.revue { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
.revue th { text-align: left; font-weight: 600; padding: 0.15rem 0.5rem; border-bottom: 2px solid #1c2230; }
.revue td { padding: 0.15rem 0.5rem; border-bottom: 1px solid #d9d5ca; overflow-wrap: anywhere; }
.revue tr.unlike td { font-weight: 700; background: #fdf0d5; }
.revue tr.unlike td:last-child { text-decoration: underline; }
.revue td.name { white-space: nowrap; }
.revue td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.revue .bar { display: inline-block; height: 0.6rem; background: #1f2a44; vertical-align: middle; }
.revue .bar.minus { background: repeating-linear-gradient(45deg, #1f2a44 0 2px, #ffffff 2px 5px); }
</style>
"""


def show_screen() -> None:
    """Check who asks, then show the next pair."""
    st.set_page_config(page_title=words.SCREEN["title"], layout="wide")
    try:
        settings = current_linkage_settings()
        access = check_allowed(settings, st.get_option("server.address"))
        if not _is_let_in(access):
            return
        queue = _load_queue(settings.working_dir, access.control)
        _show_next(settings.working_dir, queue)
    except UserFacingError as error:
        st.error(describe_error(error))


def check_allowed(settings: LinkageSettings, address: str | None) -> Access:
    """Raise unless the screen was asked for, on this machine only, by the command that tells the code."""
    if not settings.review:
        raise UserFacingError("review_not_allowed")
    if address != "127.0.0.1":
        raise UserFacingError("review_not_local")
    access = read_access(settings.working_dir)
    if access is None:
        raise UserFacingError("review_not_started")
    return access


def _is_let_in(access: Access) -> bool:
    """The code and the author, asked once a session."""
    if st.session_state.get("let_in") == access.code_sha256:
        return True
    st.title(words.SCREEN["title"])
    with st.form("who", width=480):
        author = st.text_input(words.SCREEN["who"], help=words.SCREEN["who_help"], max_chars=80)
        typed = st.text_input(words.SCREEN["code"], type="password", autocomplete="off")
        if st.form_submit_button(words.SCREEN["start"], type="primary"):
            if not access.is_code(typed):
                st.error(words.SCREEN["bad_code"])
                return False
            st.session_state["author"] = clean_author(author)
            st.session_state["let_in"] = access.code_sha256
            st.session_state["saves"] = []
            st.rerun()
    return False


def _load_queue(working_dir: Path, control: int) -> ReviewQueue:
    """The queue of this session, read again when ``link`` has run since."""
    links = working_dir / LINKS_FILE
    version = links.stat().st_mtime_ns if links.is_file() else 0
    if st.session_state.get("queue_version") != version:
        st.session_state["queue"] = read_queue(working_dir, control=control)
        st.session_state["queue_version"] = version
    queue: ReviewQueue = st.session_state["queue"]
    return queue


def _show_next(working_dir: Path, queue: ReviewQueue) -> None:
    settled = queue.answered(read_journal(working_dir).by_pair)
    waiting = [one for one in queue.pairs if one.pair not in settled]
    head, undo = st.columns([5, 2], vertical_alignment="bottom")
    with head:
        done, count = len(queue.pairs) - len(waiting), len(queue.pairs)
        st.progress(
            done / count if count else 1.0, f"{words.SCREEN['title']} : {words.progress_text(done, count)}"
        )
    with undo:
        st.button(
            words.SCREEN["undo"], key="undo", shortcut=UNDO_KEY, width="stretch",
            disabled=not st.session_state["saves"], on_click=_undo, args=(working_dir,),
        )  # fmt: skip
    if message := st.session_state.pop("message", ""):
        st.toast(message)
    if refusal := st.session_state.pop("refusal", ""):
        st.error(refusal)
    if not waiting:
        st.success(words.SCREEN["finished" if queue.pairs else "empty"])
        return
    one = waiting[0]
    _show_question(one, queue)
    for column, verdict in zip(st.columns(3), Verdict, strict=True):
        with column:
            st.button(
                words.SCREEN[verdict.value],
                key=verdict.value,
                shortcut=KEYS[verdict],
                width="stretch",
                on_click=_decide,
                args=(working_dir, queue, one, verdict),
            )
    _show_pair(one)


def _decide(working_dir: Path, queue: ReviewQueue, one: ReviewPair, verdict: Verdict) -> None:
    """Keep a decision before the next pair is shown; a refusal is said above the same pair."""
    try:
        number = decide(working_dir, queue, [one.decided(verdict)], st.session_state["author"])
    except UserFacingError as error:
        st.session_state["refusal"] = describe_error(error)
    else:
        st.session_state["saves"].append(number)


def _undo(working_dir: Path) -> None:
    saves: list[int] = st.session_state["saves"]
    while saves:
        try:
            is_undone = undo_save(working_dir, saves.pop(), st.session_state["author"])
        except UserFacingError as error:
            st.session_state["refusal"] = describe_error(error)
            return
        if is_undone:
            st.session_state["message"] = words.SCREEN["undone"]
            return
    st.session_state["message"] = words.SCREEN["nothing_to_undo"]


def _show_question(one: ReviewPair, queue: ReviewQueue) -> None:
    rivals = [other.pair for other in queue.pairs if other.pair.rid == one.pair.rid]
    said = [words.REASONS.get(one.reason, one.reason), words.USEFULNESS[one.usefulness]]
    if len(rivals) > 1:
        rank = rivals.index(one.pair) + 1
        said.append(
            words.SCREEN["rivals"].format(count=len(rivals), rank=f"{rank}{'er' if rank == 1 else 'e'}")
        )
    st.markdown(f"**{words.SCREEN['question']}** {said[0][0].upper()}{said[0][1:]}. {' '.join(said[1:])}")


def _show_pair(one: ReviewPair) -> None:
    communes = _commune_labels()
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.html(_STYLE + _records_table(one, communes))
    with right:
        st.html(_weights_table(one))
    st.html(_facts_table(one, communes))


def _records_table(one: ReviewPair, communes: dict[str, str]) -> str:
    rows = []
    for name in IDENTITY:
        texts = [cell_text(name, record.get(name), communes) for record in (one.record, one.pupil)]
        if any(texts):
            word = compared(name, one.record, one.pupil)
            kind = ' class="unlike"' if word == words.SCREEN["unlike"] else ""
            cells = "".join(f"<td>{escape(text)}</td>" for text in (FIELDS[name], *texts, word))
            rows.append(f"<tr{kind}>{cells}</tr>")
    heads = (words.SCREEN["field"], SOURCES[one.pair.source], SOURCES["pupils"], words.SCREEN["compare"])
    return _table(heads, rows)


def compared(name: str, record: Record, pupil: Record) -> str:
    """How two cells compare, in words: the colour only repeats it."""
    one, other = record.get(name), pupil.get(name)
    if not one or not other:
        return words.SCREEN["one_blank"] if one or other else ""
    if one == other:
        return words.SCREEN["alike"]
    if isinstance(one, date) and isinstance(other, date):
        is_near = (one.day, one.month, one.year) == (other.month, other.day, other.year)
    else:
        is_near = _plain(str(one)) == _plain(str(other))
    return words.SCREEN["near"] if is_near else words.SCREEN["unlike"]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if char.isalnum())


def _weights_table(one: ReviewPair) -> str:
    title = f"<p><strong>{escape(words.SCREEN['why'])}</strong></p>"
    weight = "" if one.weight is None else words.SCREEN["weight"].format(weight=words.weight_text(one.weight))
    if not one.parts:
        return f"{title}<p>{escape(words.SCREEN['no_parts'])} {escape(weight)}</p>"
    largest = max(abs(part.weight) for part in one.parts) or 1.0
    rows = []
    for part in one.parts:
        name = words.COMPARISONS.get(part.comparison, part.comparison)
        said = part.level or words.strength_text(part.comparison, part.weight)
        width = round(60 * abs(part.weight) / largest)
        kind = "bar minus" if part.weight < 0 else "bar"
        rows.append(
            f'<tr><td class="name">{escape(name)}</td><td>{escape(said)}</td>'
            f'<td class="number">{escape(words.weight_text(part.weight))}</td>'
            f'<td><span class="{kind}" style="width:{width}px"></span></td></tr>'
        )
    return title + _table((), rows) + f"<p>{escape(weight)}</p>"


def _facts_table(one: ReviewPair, communes: dict[str, str]) -> str:
    sides = []
    for source, record in ((one.pair.source, one.record), (one.pair.linked_source, one.pupil)):
        said = [
            f"{FIELDS[name]} : {text}"
            for name, value in record.items()
            if name not in IDENTITY and name != "record_id" and (text := cell_text(name, value, communes))
        ]
        sides.append(f"<td><strong>{escape(SOURCES[source])}</strong> : {escape(' ; '.join(said))}</td>")
    return _table((), [f"<tr>{''.join(sides)}</tr>"])


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    head = f"<thead><tr>{head}</tr></thead>" if heads else ""
    return f'<table class="revue">{head}<tbody>{"".join(rows)}</tbody></table>'


@st.cache_data(show_spinner=False)
def _commune_labels() -> dict[str, str]:
    path = current_settings().data_dir / "territory" / "communes.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["commune_code"]: row["commune_label"] for row in csv.DictReader(handle)}


if __name__ == "__main__":
    show_screen()
