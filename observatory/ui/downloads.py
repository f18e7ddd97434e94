"""Files that are made when they are clicked: what they need is checked before the button is offered."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from observatory.errors import UserFacingError
from observatory.french.errors import describe_error


def can_be_made(check: Callable[[], object]) -> bool:
    """Whether ``check`` finds what a file needs; else its sentence stands where the button would be.

    Once clicked it is too late: a download that fails is told in English and without its cause.
    """
    try:
        check()
    except UserFacingError as error:
        st.error(describe_error(error), icon=":material/error:")
        return False
    return True
