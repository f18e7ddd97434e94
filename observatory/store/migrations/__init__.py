"""Versions of the schema. A migration is frozen: it repeats the columns and never imports the tables."""
