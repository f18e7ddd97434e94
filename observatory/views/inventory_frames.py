"""The pairs and the modalities of an inventory as two frames, a row a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from observatory.domain.cooperation import ModalityStatus
from observatory.domain.inventory import Entry, RecordKind, split_rating_key
from observatory.french.calendar import local_day


def rating_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Ratings by ``basin_code, from_partner, to_partner``: ``level, rated_on, rated_by, evidence``."""
    rows = []
    for (area, _, key), fields in sorted(_by_record(entries, RecordKind.RATING).items()):
        first, second = split_rating_key(key)
        level, day = _value(fields, "level"), _value(fields, "rated_on")
        rows.append(
            (
                area,
                first.value,
                second.value,
                int(level) if level else None,
                pd.Timestamp(day) if day else pd.NaT,
                _value(fields, "rated_by"),
                _value(fields, "evidence"),
                next(iter(fields.values())).is_demonstration,
            )
        )
    return _typed(
        rows,
        {
            "basin_code": "str",
            "from_partner": "str",
            "to_partner": "str",
            "level": "Int64",
            "rated_on": "datetime64[s]",
            "rated_by": "str",
            "evidence": "str",
            "is_demonstration": "bool",
        },
    )


def modality_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Modalities by ``basin_code, modality``; ``updated_on`` is the day of the latest change."""
    rows = []
    for (area, _, key), fields in sorted(_by_record(entries, RecordKind.MODALITY).items()):
        since = _value(fields, "since_on")
        updated = max(entry.changed_at for entry in fields.values())
        rows.append(
            (
                area,
                key,
                _value(fields, "status") or ModalityStatus.NOT_REPORTED.value,
                *(_value(fields, name) for name in ("description", "pilot", "frequency", "next_step")),
                pd.Timestamp(since) if since else pd.NaT,
                pd.Timestamp(local_day(updated)),
                next(iter(fields.values())).is_demonstration,
            )
        )
    return _typed(
        rows,
        {
            "basin_code": "str",
            "modality": "str",
            "status": "str",
            "description": "str",
            "pilot": "str",
            "frequency": "str",
            "next_step": "str",
            "since_on": "datetime64[s]",
            "updated_on": "datetime64[s]",
            "is_demonstration": "bool",
        },
    )


def _by_record(
    entries: Iterable[Entry], kind: RecordKind
) -> dict[tuple[str, RecordKind, str], dict[str, Entry]]:
    found: dict[tuple[str, RecordKind, str], dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        if entry.key.kind is kind:
            found[entry.key.record][entry.key.field] = entry
    return found


def _value(fields: Mapping[str, Entry], name: str) -> str:
    return fields[name].value if name in fields else ""


def _typed(rows: Sequence[tuple[object, ...]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(dtypes)
    return pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=dtype)
            for (name, dtype), column in zip(dtypes.items(), columns, strict=True)
        }
    )
