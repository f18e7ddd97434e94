"""Whether what a screen shows of the inventory was entered by somebody or invented for the demonstration."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from observatory.domain.inventory import REMOVED, SIGNATURE, Entry
from observatory.french import campaign_figures, readings, texts
from observatory.views.observatory import Observatory


class Origin(StrEnum):
    """How much of what is shown is invented."""

    REAL = "real"
    PARTLY_INVENTED = "partly_invented"
    INVENTED = "invented"


def origin_of(entries: Iterable[Entry]) -> Origin:
    """Origin of what these entries say; nothing said is nothing invented.

    >>> origin_of(())
    <Origin.REAL: 'real'>
    """
    said = [entry for entry in entries if entry.value]
    removed = {entry.key.record for entry in said if entry.key.field == REMOVED}
    layers = {
        entry.is_demonstration
        for entry in said
        if entry.key.record not in removed and entry.key.field not in SIGNATURE
    }
    if True not in layers:
        return Origin.REAL
    return Origin.PARTLY_INVENTED if False in layers else Origin.INVENTED


def shown_origin(observatory: Observatory, areas: Collection[str] | None = None) -> Origin:
    """Origin of what is shown of some areas (basins, or the region for the framework), or of all of them."""
    entries = observatory.entries
    return origin_of(entries if areas is None else [e for e in entries if e.key.area_code in areas])


def cooperation_source(observatory: Observatory) -> str:
    """Where the inventory that a map shows comes from, in the words of its source line."""
    origin = shown_origin(observatory)
    return readings.cooperation_source(
        observatory.has_cooperation,
        origin in (Origin.INVENTED, Origin.PARTLY_INVENTED),
        has_real=origin is Origin.PARTLY_INVENTED,
    )


def banner(origin: Origin, *, with_campaign: bool = False, is_short: bool = False) -> str:
    """The banner of a screen that shows an inventory of this origin, and (``with_campaign``) an invented
    campaign; blank when nothing of it is invented. Its strong words stand between ``**``.
    """
    full = {
        (Origin.REAL, True): campaign_figures.BANNER,
        (Origin.PARTLY_INVENTED, False): texts.DEMONSTRATION_PART,
        (Origin.PARTLY_INVENTED, True): campaign_figures.BANNER_WITH_PART,
        (Origin.INVENTED, False): texts.DEMONSTRATION_BANNER,
        (Origin.INVENTED, True): campaign_figures.BANNER_WITH_INVENTORY,
    }
    short = {
        (Origin.PARTLY_INVENTED, False): texts.DEMONSTRATION_PART_SHORT,
        (Origin.PARTLY_INVENTED, True): campaign_figures.BANNER_WITH_PART_SHORT,
        (Origin.INVENTED, False): texts.DEMONSTRATION_SHORT,
        (Origin.INVENTED, True): campaign_figures.BANNER_WITH_INVENTORY_SHORT,
    }
    told = full.get((origin, with_campaign), "")
    return short.get((origin, with_campaign), told) if is_short else told


def basins_with_invented(observatory: Observatory) -> frozenset[str]:
    """Basins of which an invented record is shown, for a mark of their own on a map or in a table."""
    areas = {e.key.area_code for e in observatory.entries if e.is_demonstration and e.value}
    return frozenset(
        code for code in areas & set(observatory.basins) if shown_origin(observatory, {code}) != Origin.REAL
    )
