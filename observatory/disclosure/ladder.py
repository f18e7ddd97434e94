"""The thresholds of the disclosure control, as settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ladder:
    """Thresholds of method, section 6; the defaults are its proposal.

    ``smallest_shown``: counts from 1 to the one below are hidden. ``width``: how far apart, at least, the
    ends of what can be deduced of a hidden count must be; 3 is the width of 1-4, what the rule itself says.
    ``rate_base``: no rate and no median under this denominator. ``fragile_below``: counts below are shown
    without rank or colour. ``rate_decimals``: decimals of a published share.
    ``revision_floor`` and ``revision_share``: an attacker takes it that a count moves, from one edition of a
    campaign to the other, by at most the larger of so many persons and that share of it.

    >>> Ladder().is_small(4), Ladder().is_small(0), Ladder().revision(40)
    (True, False, 10)
    """

    smallest_shown: int = 5
    width: int = 3
    rate_base: int = 20
    fragile_below: int = 20
    rate_decimals: int = 4
    revision_floor: int = 4
    revision_share: float = 0.25

    def __post_init__(self) -> None:
        if self.smallest_shown < 1 or self.width < 1 or self.revision_floor < self.width + 1:
            raise ValueError("these thresholds protect nothing")

    def is_small(self, count: float) -> bool:
        """Whether a count is hidden for itself. Zero is a value."""
        return 0 < count < self.smallest_shown

    def revision(self, count: float) -> int:
        """The most that a count is taken to have moved between two editions."""
        return max(self.revision_floor, int(self.revision_share * count))
