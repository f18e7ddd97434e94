"""What the pages show, computed: frames in, frozen view-models out. No streamlit, no database."""
