"""An empty page, to know what Streamlit itself costs: same libraries, same options, nothing to do."""

import gc

import streamlit as st

from observatory.ui import frame, risk_map


@st.cache_resource(show_spinner=False)
def same_conditions() -> str:
    """What the observatory's first page does to its process, once."""
    frame._send_at_once()
    gc.collect()
    gc.freeze()
    return risk_map.__name__


def main() -> None:
    """Title of the tab, one line."""
    st.set_page_config(page_title="Vide", layout="wide")
    same_conditions()
    st.write("Vide")


if __name__ == "__main__":
    main()
