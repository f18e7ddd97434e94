"""Observatoire des ruptures: territorial observatory of school dropout, Provence-Alpes-Côte d'Azur."""

__version__ = "0.1.0"
