"""The cross-matching: the only room where a name, a date of birth or an INE is ever read.

It works in its own directory (``LinkageSettings.working_dir``) and its own DuckDB file, from extracts to
counts per basin. Nothing of it is importable by the application: what leaves is counts, then only what
``observatory.disclosure`` lets through.
"""
