"""The statistics of the risk: intervals, smoothing, composite index, gap, honest ranks, trends.

Arrays and frames come in, arrays, frames and frozen dataclasses go out; nothing here knows a file, a
table or a French word. What the room refuses: to impute a missing figure, to give an interval without
counts, to rank or regress an unresolved figure, to claim a trend from a few points, to score a person.
Everything drawn at random is seeded and does not depend on the order of the rows.
"""
