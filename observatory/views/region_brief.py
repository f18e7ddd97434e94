"""What changed since the last committee, as it is read from the back of a room: some of it in words, basin by
basin, the rest counted. Nothing is chosen by its direction: a level that falls is told like one that rises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from observatory.french import numbers
from observatory.french.typography import bind
from observatory.views.observatory import Observatory
from observatory.views.region_changes import ChangeLine, RegionChanges

ROWS = 15
"""Lines of text that a projected screen holds under its title."""
ROW_LENGTH = 76
"""Characters of a change that stand on one of them."""
_TOLD = ("statuses", "levels", "actions")
"""What is told in words: the other answers are counted."""


@dataclass(frozen=True)
class BasinBrief:
    """One basin: the changes told in words, and how many others there are."""

    label: str
    told: tuple[str, ...]
    others: int

    @property
    def others_text(self) -> str:
        """``et 12 autres``; ``12 autres réponses`` when none is told; empty when all are."""
        if not self.others:
            return ""
        if self.told:
            return "et une autre" if self.others == 1 else f"et {numbers.format_number(self.others)} autres"
        if self.others == 1:
            return "une réponse"
        return f"{numbers.format_number(self.others)} réponses"


def build_brief(observatory: Observatory, view: RegionChanges, academie: str) -> tuple[BasinBrief, ...]:
    """Basins of the académie in which something changed, in the order of the territory.

    Each is told once before any is told twice; a basin whose only changes are details has its count alone.
    """
    by_code: dict[str, list[ChangeLine]] = {}
    for line in view.lines:
        basin = observatory.basins.get(line.area_code)
        if basin is not None and basin.academie == academie:
            by_code.setdefault(line.area_code, []).append(line)
    waiting = {code: _sentences(lines) for code, lines in by_code.items()}
    told: dict[str, list[str]] = {code: [] for code in by_code}
    left = ROWS - len(by_code)
    for turn in range(max(map(len, waiting.values()), default=0)):
        for code, sentences in waiting.items():
            if turn < len(sentences) and len(told[code]) == turn:
                # The first line of a basin stands beside its name: that row is already counted.
                needed = _rows(sentences[turn]) - (turn == 0)
                if needed <= left:
                    left -= needed
                    told[code].append(sentences[turn])
    return tuple(
        BasinBrief(observatory.basins[code].short_label, tuple(told[code]), len(lines) - len(told[code]))
        for code, lines in by_code.items()
    )


def _sentences(lines: Iterable[ChangeLine]) -> list[str]:
    """A modality, a link, an action, then the next of each."""
    kept = list(lines)
    groups = ([_sentence(line) for line in kept if line.group == group] for group in _TOLD)
    return [found for found in chain.from_iterable(zip_longest(*groups)) if found]


def _sentence(line: ChangeLine) -> str:
    """``Repérage : partiel → fait``; the state and the level name themselves, another field is named."""
    about = line.subject
    if line.group == "actions" and line.field:
        about = f"{_cut(line.subject, 48)}, {line.field[:1].lower()}{line.field[1:]}"
    return bind(f"{about} : {_cut(line.before, 40)} → {_cut(line.after, 70)}")


def _cut(text: str, longest: int) -> str:
    text = text.rstrip(".")
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0] + "…"


def _rows(sentence: str) -> int:
    return -(-len(sentence) // ROW_LENGTH)
