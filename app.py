"""Router and frame of the Observatoire des ruptures. No data access here."""

import streamlit as st

from observatory.french.texts import APP_TITLE
from observatory.ui.router import PAGES, is_projected, mark_routed
from observatory.ui.turns import in_turn

mark_routed()
pages = [
    st.Page(f"pages/{page.file}.py", title=page.title, url_path=page.path, default=not page.path)
    for page in PAGES
]
page = st.navigation(pages, position="hidden" if is_projected() else "top")
st.set_page_config(page_title=f"{page.title} · {APP_TITLE}", layout="wide", page_icon="static/favicon.svg")
in_turn(page.run)()
