"""What the observatory talks about: territory, indicators, states of a figure, cooperation.

Standard library only (and yaml, in the loaders).
"""
