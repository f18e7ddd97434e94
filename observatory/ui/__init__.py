"""The only room that knows streamlit: frame of the pages, selection, widgets, cached readers."""
