"""Who writes. Without a sign-on a person says it once: a name, a structure, the basins of their perimeter.

The answer is kept in a cookie of this browser, so that it is not asked at each visit. Behind a reverse proxy
that signs people on, the name comes from the header that ``OBSERVATOIRE_ENTETE_IDENTITE`` names. Pages only
know :class:`~observatory.domain.inventory.Actor`. A declared perimeter prevents mistakes; it is no access
control.
"""

from __future__ import annotations

import json
from urllib.parse import quote, unquote

import streamlit as st
from streamlit.components.v2 import component

from observatory.config import current_settings
from observatory.domain.inventory import Actor
from observatory.domain.territory import ACADEMIE_CODES, REGION_CODE
from observatory.french import people as words
from observatory.french.sentences import of_name
from observatory.ui import html
from observatory.ui.labels import plain
from observatory.ui.selection import current_selection
from observatory.views.observatory import Observatory

_ACTOR, _COOKIE, _TO_KEEP = "actor", "observatoire_personne", "actor_to_keep"
_TO_FOCUS = "actor_said"
_LONGEST_NAME = 60


def current_actor() -> Actor | None:
    """Who is in front of the screen; None while nobody has said it."""
    if _ACTOR not in st.session_state:
        st.session_state[_ACTOR] = _from_cookie(_cookie())
    actor: Actor | None = st.session_state[_ACTOR]
    signed_on = _signed_on_name()
    if actor is not None and signed_on:
        return Actor(signed_on, actor.structure, actor.perimeter)
    return actor


def show_identity(observatory: Observatory) -> None:
    """The button that says who writes, and the form behind it."""
    _keep()
    actor = current_actor()
    label = words.NOBODY if actor is None else plain(f"{actor.name}, {actor.structure}")
    menu = st.popover(
        label, width="stretch", icon=":material/person:", key="identity_menu", on_change="rerun"
    )
    if not menu.open:
        return
    with menu, st.form("identity", border=False):
        html.show(html.markup('<p class="obs-small">{}</p>', words.EXPLANATION))
        st.text_input(
            words.NAME,
            value=_signed_on_name() or (actor.name if actor else ""),
            max_chars=_LONGEST_NAME,
            disabled=bool(_signed_on_name()),
            key="identity_name",
        )
        structures = words.STRUCTURES
        known = structures.index(actor.structure) if actor and actor.structure in structures else None
        st.selectbox(
            words.STRUCTURE,
            structures,
            index=known,
            format_func=lambda name: words.REGIONAL_TEAM_CHOICE if name == words.REGIONAL_TEAM else name,
            key="identity_structure",
            placeholder=words.CHOOSE,
        )
        options = [*ACADEMIE_CODES.values(), *observatory.basins]
        st.multiselect(
            words.PERIMETER,
            options,
            default=_chosen(observatory, actor),
            format_func=lambda code: _area_label(observatory, code),
            key="identity_perimeter",
            placeholder=words.CHOOSE,
        )
        html.show(html.markup('<p class="obs-small">{}</p>', words.PERIMETER_HINT))
        st.form_submit_button(words.SAVE, type="primary", on_click=_take, args=(observatory,))


def _take(observatory: Observatory) -> None:
    name = " ".join(str(st.session_state["identity_name"] or "").split())[:_LONGEST_NAME]
    structure, areas = st.session_state["identity_structure"], st.session_state["identity_perimeter"]
    if structure == words.REGIONAL_TEAM:
        areas = [REGION_CODE]
    if not (_signed_on_name() or name) or not structure or not areas:
        st.session_state["identity_notice"] = words.INCOMPLETE
        return
    st.session_state[_ACTOR] = Actor(_signed_on_name() or name, structure, _perimeter(observatory, areas))
    st.session_state[_TO_KEEP] = json.dumps({"n": name, "s": structure, "p": list(areas)}, ensure_ascii=True)
    st.session_state["identity_menu"] = False
    st.session_state[_TO_FOCUS] = st.session_state.get(_TO_FOCUS, 0) + 1


def focus_number() -> int:
    """Grows each time somebody has said who they are: the keyboard goes then to what is filled in."""
    return int(st.session_state.get(_TO_FOCUS, 0))


def take_notice() -> str:
    """What the form has to say, once."""
    return str(st.session_state.pop("identity_notice", ""))


def _perimeter(observatory: Observatory, areas: list[str]) -> frozenset[str] | None:
    if REGION_CODE in areas:
        return None
    academies = {code: name for name, code in ACADEMIE_CODES.items()}
    found = set()
    for area in areas:
        if area in academies:
            found |= {c for c, basin in observatory.basins.items() if basin.academie == academies[area]}
        elif area in observatory.basins:
            found.add(area)
    return frozenset(found)


def _chosen(observatory: Observatory, actor: Actor | None) -> list[str]:
    if actor is None:
        return [current_selection().basin]
    if actor.perimeter is None:
        return list(ACADEMIE_CODES.values())
    return [code for code in observatory.basins if code in actor.perimeter]


def _area_label(observatory: Observatory, code: str) -> str:
    for name, academie in ACADEMIE_CODES.items():
        if code == academie:
            return words.ACADEMIE.format(of_name=of_name(name))
    return observatory.basins[code].basin_label


def _from_cookie(raw: str) -> Actor | None:
    """The person of the cookie; anything that is not one of ours is nobody."""
    from observatory.ui.data import load_observatory

    try:
        kept = json.loads(unquote(raw) or "{}")
        name, structure, areas = kept["n"], kept["s"], kept["p"]
    except (ValueError, TypeError, KeyError):
        return None
    if not all(isinstance(part, str) for part in (name, structure)) or not isinstance(areas, list):
        return None
    if structure not in words.STRUCTURES or not (name or _signed_on_name()):
        return None
    codes = [area for area in areas if isinstance(area, str)]
    if structure == words.REGIONAL_TEAM:
        codes = [REGION_CODE]
    return Actor(name[:_LONGEST_NAME], structure, _perimeter(load_observatory(), codes))


def _cookie() -> str:
    return str(st.context.cookies.get(_COOKIE, ""))


def _signed_on_name() -> str:
    header = current_settings().identity_header
    return " ".join(str(st.context.headers.get(header, "")).split())[:_LONGEST_NAME] if header else ""


_KEEP_JS = """
export default function ({ data }) {
  const kept = "; path=/; max-age=31536000; SameSite=Strict";
  if (data.value) document.cookie = data.name + "=" + data.value + kept;
}
"""


@st.cache_resource(show_spinner=False)
def _cookie_writer():  # type: ignore[no-untyped-def]
    return component("observatoire.person", js=_KEEP_JS)


def _keep() -> None:
    value = st.session_state.get(_TO_KEEP)
    if value:
        _cookie_writer()(
            key="person_cookie", data={"name": _COOKIE, "value": quote(value, safe="")}, height=1
        )
