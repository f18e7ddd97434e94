"""One line of text and no library: what a start of Streamlit and of the browser takes by itself."""

import streamlit as st


def main() -> None:
    """The line."""
    st.write("Vide")


if __name__ == "__main__":
    main()
