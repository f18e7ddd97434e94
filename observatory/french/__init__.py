"""French on screen: numbers, dates, sentences, labels and error sentences. Importable without streamlit."""
