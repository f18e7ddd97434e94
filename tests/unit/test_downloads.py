"""A file that could not be made is not offered: its sentence stands where the button would be."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_what_a_file_lacks_is_told_in_french_in_place_of_its_button() -> None:
    def page() -> None:
        import streamlit as st

        from observatory.errors import DataFileError
        from observatory.ui.downloads import can_be_made

        def fail() -> None:
            raise DataFileError("file_missing", path="territory.gpkg")

        for check, label in ((fail, "GeoPackage"), (lambda: None, "CSV")):
            if can_be_made(check):
                st.button(label)

    at = AppTest.from_function(page).run()
    (error,) = at.error
    assert error.value.startswith("Le fichier «\u202fterritory.gpkg\u202f» manque")
    assert [button.label for button in at.button] == ["CSV"]
    assert not at.exception
