"""The network of the seven structures of a basin: what each pair says of its link, in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from observatory.domain.cooperation import CooperationLevel, Partner
from observatory.french import network as network_words
from observatory.french.cooperation import LEVEL_LABELS, PARTNERS
from observatory.french.inventory import NOT_REPORTED
from observatory.french.typography import bind
from observatory.views.cooperation import basin_inventory
from observatory.views.observatory import Observatory

PAIR_COUNT = len(Partner) * (len(Partner) - 1) // 2


@dataclass(frozen=True)
class NetworkLink:
    """One pair; a direction that was not reported is None, never zero."""

    first: Partner
    second: Partner
    first_level: CooperationLevel | None
    second_level: CooperationLevel | None
    is_gap: bool

    @property
    def is_known(self) -> bool:
        """Whether at least one of the two structures told its level."""
        return self.first_level is not None or self.second_level is not None

    @property
    def sentence(self) -> str:
        """``CIO et PJJ : 3, se coordonnent selon le CIO ; non renseigné selon la PJJ.``"""
        told = " ; ".join(
            f"{_level_text(level)} selon {PARTNERS[partner].in_sentence}"
            for partner, level in ((self.first, self.first_level), (self.second, self.second_level))
        )
        names = f"{PARTNERS[self.first].short} et {PARTNERS[self.second].short}"
        gap = " (sujet pour la réunion)" if self.is_gap else ""
        return bind(f"{names} : {told if self.is_known else NOT_REPORTED}{gap}.")

    @property
    def short(self) -> str:
        """``CIO 3 ; PJJ 0, à discuter``: who says which level of the other."""
        told = " ; ".join(
            f"{PARTNERS[partner].short} {'?' if level is None else int(level)}"
            for partner, level in ((self.first, self.first_level), (self.second, self.second_level))
        )
        return bind(f"{told}, {network_words.TO_DISCUSS}" if self.is_gap else told)


@dataclass(frozen=True)
class Network:
    """The seven structures and their 21 pairs, in the order of :class:`Partner`."""

    basin_name: str
    names: tuple[str, ...]
    links: tuple[NetworkLink, ...]

    @property
    def title(self) -> str:
        """What the picture shows, in one sentence for who does not see it."""
        known = [link for link in self.links if link.is_known]
        plural = "s" if len(known) > 1 else ""
        text = (
            f"Réseau des structures, {self.basin_name} : "
            f"{len(known)} paire{plural} décrite{plural} sur {PAIR_COUNT}"
        )
        gaps = sum(link.is_gap for link in known)
        if gaps:
            text += f", {gaps} à discuter"
        return bind(text)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The picture in words: what is described pair by pair, then the number of pairs that are not."""
        found = [link.sentence for link in self.links if link.is_known]
        unknown = len(self.links) - len(found)
        if unknown:
            plural = "s" if unknown > 1 else ""
            found.append(bind(f"{unknown} paire{plural} {NOT_REPORTED}e{plural} dans les deux sens."))
        return tuple(found)

    @property
    def wall_lines(self) -> tuple[str, ...]:
        """The same in short lines, what is to be discussed first: the room reads the top of the list."""
        known = [link for link in self.links if link.is_known]
        found = [link.short for link in sorted(known, key=lambda link: not link.is_gap)]
        return (*found, *self.sentences[len(known) :])


def build_network(observatory: Observatory, basin_code: str) -> Network:
    """The network of one basin of the territory, also when nothing is reported."""
    inventory = basin_inventory(observatory, basin_code)
    gaps = {(gap.first_partner, gap.second_partner) for gap in inventory.gaps}
    return Network(
        observatory.basins[basin_code].short_label,
        tuple(PARTNERS[partner].short for partner in Partner),
        tuple(
            NetworkLink(a, b, inventory.level(a, b), inventory.level(b, a), (a, b) in gaps)
            for a, b in combinations(Partner, 2)
        ),
    )


def _level_text(level: CooperationLevel | None) -> str:
    return NOT_REPORTED if level is None else f"{int(level)}, {LEVEL_LABELS[level]}"
