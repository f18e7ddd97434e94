"""Boundaries, classes, colours and maps. Knows geometry and colour, never a page nor the database."""
