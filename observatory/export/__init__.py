"""Files that leave the screen: CSV, XLSX, GeoPackage, SVG, PNG and PDF of what is shown. No streamlit."""
