"""The inventory of the whole region as files: a workbook, one long table, a layer for QGIS.

What was not reported is written « non renseigné », never zero and never an empty cell that could be taken for
one; what is invented says so on its row and above each sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, permutations
from pathlib import Path

from observatory.domain.cooperation import (
    DIRECTED_PAIR_COUNT,
    CooperationLevel,
    Modality,
    ModalityStatus,
    Partner,
)
from observatory.domain.inventory import (
    FIELDS,
    REGION_AREA,
    REMOVED,
    DiagnosisPart,
    FieldForm,
    FieldKey,
    FieldSpec,
    RecordKind,
    rating_key,
    split_rating_key,
)
from observatory.export.tables import to_csv, to_geopackage, to_xlsx
from observatory.french import inventory_files as words
from observatory.french.calendar import local_day
from observatory.french.cooperation import (
    LEVEL_LABELS,
    MODALITY_LABELS,
    PARTNERS,
    SCALE_SOURCE,
    STATUS_DESCRIPTIONS,
    STATUS_LABELS,
)
from observatory.french.inventory import (
    FIELD_LABELS,
    KIND_LABELS,
    NOT_REPORTED,
    record_label,
    value_text,
)
from observatory.french.numbers import format_date
from observatory.views.cooperation import cooperation_states, inventories
from observatory.views.observatory import Observatory
from observatory.views.sheet import Cell, Sheet

LAYER = "basins"
"""Layer of ``territory.gpkg`` that gives the shapes."""
_LEADING = {
    RecordKind.RATING: "level",
    RecordKind.MODALITY: "status",
    RecordKind.DIAGNOSIS: "text",
    RecordKind.FRAMEWORK: "practice",
}
"""Field of each record that exists whether reported or not; its absence is said in the long table."""
_MADE_BY = ("Saisi par", "Saisi le", words.DEMONSTRATION_COLUMN)


@dataclass(frozen=True)
class FrozenState:
    """A named state of the past to export instead of the present one: values, without who wrote them."""

    name: str
    values: Mapping[FieldKey, str]
    holds_demonstration: bool


@dataclass(frozen=True)
class _Value:
    text: str
    written_by: str
    written_on: date | None
    is_demonstration: bool


_Fields = dict[str, _Value]
_Records = dict[tuple[str, RecordKind, str], _Fields]


def inventory_workbook(
    observatory: Observatory, made_on: date, frozen: FrozenState | None = None, *, basin: str = ""
) -> bytes:
    """Everything that the region reported, or one ``basin``, one sheet per kind of record; ``frozen``: as it
    stood then.
    """
    records, codes = _records(observatory, frozen, basin), _codes(observatory, basin)
    banner = words.BANNER if _is_invented(records) else ""
    sheets = (
        _links(observatory, records, codes),
        _coded(observatory, records, codes, RecordKind.MODALITY, "Modalités", tuple(Modality)),
        _listed(observatory, records, RecordKind.RESOURCE, "Ressources"),
        _coded(observatory, records, codes, RecordKind.DIAGNOSIS, "Diagnostic", tuple(DiagnosisPart)),
        _listed(observatory, records, RecordKind.ACTION, "Actions"),
        _listed(observatory, records, RecordKind.REPLY, words.REPLY_SHEET),
        *(() if basin else (_framework(observatory, records),)),
    )
    read_me = Sheet(
        words.READ_ME_SHEET,
        (f"Inventaire de la coopération, {_area_name(observatory, basin or REGION_AREA)}",),
        tuple((line,) for line in _provenance(made_on, frozen) + _explanations()),
        (),
    )
    shown = [Sheet(s.title, s.headers, s.rows, s.notes, banner) for s in (read_me, *sheets)]
    return to_xlsx(shown)


def inventory_csv(
    observatory: Observatory, made_on: date, frozen: FrozenState | None = None, *, basin: str = ""
) -> bytes:
    """One line a field: who said what of which record, for the tools that read long tables."""
    records, expected = _records(observatory, frozen, basin), _expected(observatory, basin)
    rows: list[tuple[Cell, ...]] = []
    for area, kind, key in (*expected, *sorted(set(records) - set(expected))):
        fields = records.get((area, kind, key), {})
        for spec in FIELDS[kind]:
            value = fields.get(spec.name)
            if value is None and spec.name != _LEADING.get(kind):
                continue
            field = FieldKey(area, kind, key, spec.name)
            rows.append(
                (
                    area,
                    _area_name(observatory, area),
                    KIND_LABELS[kind],
                    _record_name(field, fields),
                    FIELD_LABELS[kind, spec.name],
                    _told(observatory, field, spec, value),
                    value.written_by if value else "",
                    value.written_on if value else None,
                    words.DEMONSTRATION if value and value.is_demonstration else words.NO_DEMONSTRATION,
                )
            )
    notes = [*([words.BANNER] if _is_invented(records) else []), *_provenance(made_on, frozen)]
    headers = (
        "Code", "Bassin", "Nature", "Enregistrement", "Champ", "Valeur", "Par", "Le",
        words.DEMONSTRATION_COLUMN,
    )  # fmt: skip
    return to_csv(Sheet("Inventaire", headers, tuple(rows), (*notes, *words.READ_ME)))


def inventory_geopackage(observatory: Observatory, territory: Path, made_on: date) -> bytes:
    """One layer of the basins: what their inventory says and how complete it is.

    ``territory`` is ``territory.gpkg``. Its description says that it is declared, the day, and what is
    invented. A median level of too few links is null, as are the gaps of a basin
    of which no pair told both directions.
    """
    return to_geopackage(basin_sheet(observatory, made_on), 0, territory, LAYER)


def basin_sheet(observatory: Observatory, made_on: date) -> Sheet:
    """The columns of the layer, one row a basin; banner and notes become its description."""
    states = cooperation_states(observatory)
    nothing = float("nan")  # a column of nothing but nulls stays a column of numbers
    frames = (observatory.ratings, observatory.modalities)
    invented = {
        str(code) for frame in frames for code in frame.loc[frame["is_demonstration"].eq(True), "basin_code"]
    }
    rows: list[tuple[Cell, ...]] = []
    for code, inventory in inventories(observatory).items():
        state, statuses = states[code], Counter(m.status for m in inventory.modalities)
        both = sum(
            inventory.level(a, b) is not None and inventory.level(b, a) is not None
            for a, b in combinations(Partner, 2)
        )
        rows.append(
            (
                code,
                observatory.basins[code].basin_label,
                nothing if state.median_level is None else state.median_level,
                inventory.completeness.rating_count,
                DIRECTED_PAIR_COUNT,
                state.completeness,
                inventory.completeness.modality_count,
                both,
                float(state.reciprocal_gap_count) if both else nothing,
                *(statuses[status] for status in ModalityStatus),
                *(STATUS_LABELS[m.status] for m in inventory.modalities),
                words.DEMONSTRATION if code in invented else words.NO_DEMONSTRATION,
            )
        )
    headers = (
        "Code",
        "Bassin",
        "Niveau médian des liens (0 à 5)",
        "Liens renseignés",
        "Liens possibles",
        "Part des liens renseignés (0 à 1)",
        "Modalités renseignées",
        "Paires décrites dans les deux sens",
        "Sujets pour la réunion (écarts de deux niveaux ou plus)",
        *(f"Modalités : {STATUS_LABELS[status]}" for status in ModalityStatus),
        *(f"État : {MODALITY_LABELS[modality]}" for modality in Modality),
        words.DEMONSTRATION_COLUMN,
    )
    notes = (words.DECLARED, *_provenance(made_on, None), *words.READ_ME)
    return Sheet(
        "Inventaire cooperation", headers, tuple(rows), notes, words.LAYER_BANNER if invented else ""
    )


def _codes(observatory: Observatory, basin: str) -> tuple[str, ...]:
    return (basin,) if basin else tuple(observatory.basins)


def _records(observatory: Observatory, frozen: FrozenState | None, basin: str) -> _Records:
    """Reported fields by record; what was emptied or taken off its list is left out."""
    found: _Records = {}
    for key, value in _values(observatory, frozen):
        if value.text and (not basin or key.area_code == basin):
            found.setdefault(key.record, {})[key.field] = value
    return {record: fields for record, fields in found.items() if REMOVED not in fields}


def _values(observatory: Observatory, frozen: FrozenState | None) -> Iterator[tuple[FieldKey, _Value]]:
    if frozen is None:
        for e in observatory.entries:
            by = ", ".join(part for part in (e.actor_name, e.actor_structure) if part)
            yield e.key, _Value(e.value, by, local_day(e.changed_at), e.is_demonstration)
    else:
        for key, text in frozen.values.items():
            yield key, _Value(text, "", None, frozen.holds_demonstration)


def _is_invented(records: _Records) -> bool:
    return any(value.is_demonstration for fields in records.values() for value in fields.values())


def _expected(observatory: Observatory, basin: str) -> tuple[tuple[str, RecordKind, str], ...]:
    """Records that exist whether reported or not, in the order in which they are read."""
    links = tuple(rating_key(a, b) for a, b in permutations(Partner, 2))
    kinds = (
        (RecordKind.RATING, links),
        (RecordKind.MODALITY, Modality),
        (RecordKind.DIAGNOSIS, DiagnosisPart),
    )
    codes = _codes(observatory, basin)
    basins = [(code, kind, str(key)) for kind, keys in kinds for code in codes for key in keys]
    if basin:
        return tuple(basins)
    return (*basins, *((REGION_AREA, RecordKind.FRAMEWORK, str(modality)) for modality in Modality))


def _links(observatory: Observatory, records: _Records, codes: tuple[str, ...]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    specs = FIELDS[RecordKind.RATING]
    for code in codes:
        for first, second in permutations(Partner, 2):
            key = FieldKey(code, RecordKind.RATING, rating_key(first, second), "level")
            fields = records.get(key.record, {})
            level = fields.get("level")
            rows.append(
                (
                    code,
                    observatory.basins[code].basin_label,
                    PARTNERS[first].label,
                    PARTNERS[second].label,
                    int(level.text) if level else NOT_REPORTED,
                    LEVEL_LABELS[CooperationLevel(int(level.text))] if level else NOT_REPORTED,
                    *(_cell(observatory, key, spec, fields) for spec in specs if spec.name != "level"),
                    *_made_by(fields),
                )
            )
    names = tuple(FIELD_LABELS[RecordKind.RATING, spec.name] for spec in specs if spec.name != "level")
    headers = (
        "Code",
        "Bassin",
        *words.LABEL_COLUMNS[RecordKind.RATING],
        "Niveau",
        "En mots",
        *names,
        *_MADE_BY,
    )
    return Sheet(words.TEMPLATE_SHEETS[RecordKind.RATING], headers, tuple(rows), ())


def _coded(
    observatory: Observatory,
    records: _Records,
    codes: tuple[str, ...],
    kind: RecordKind,
    title: str,
    keys: tuple[str, ...],
) -> Sheet:
    rows = (
        _row(observatory, FieldKey(code, kind, str(key), FIELDS[kind][0].name), records)
        for code in codes
        for key in keys
    )
    return Sheet(title, _headers(kind, words.LABEL_COLUMNS[kind]), tuple(rows), ())


def _listed(observatory: Observatory, records: _Records, kind: RecordKind, title: str) -> Sheet:
    found = sorted(record for record in records if record[1] is kind)
    labels = ("Structure et modalité",) if kind is RecordKind.REPLY else ()
    rows = (_row(observatory, FieldKey(*record, FIELDS[kind][0].name), records) for record in found)
    return Sheet(title, _headers(kind, labels), tuple(rows), ())


def _framework(observatory: Observatory, records: _Records) -> Sheet:
    kind = RecordKind.FRAMEWORK
    rows = (
        _row(observatory, FieldKey(REGION_AREA, kind, str(modality), "practice"), records)
        for modality in Modality
    )
    return Sheet(words.FRAMEWORK_SHEET, _headers(kind, ("Modalité",)), tuple(rows), ())


def _headers(kind: RecordKind, labels: tuple[str, ...]) -> tuple[str, ...]:
    fields = (FIELD_LABELS[kind, spec.name] for spec in FIELDS[kind] if spec.name != REMOVED)
    return ("Code", "Bassin", *labels, *fields, *_MADE_BY)


def _row(observatory: Observatory, key: FieldKey, records: _Records) -> tuple[Cell, ...]:
    fields = records.get(key.record, {})
    is_named = key.kind not in {RecordKind.RESOURCE, RecordKind.ACTION}
    return (
        key.area_code,
        _area_name(observatory, key.area_code),
        *([record_label(key)] if is_named else []),
        *(_cell(observatory, key, spec, fields) for spec in FIELDS[key.kind] if spec.name != REMOVED),
        *_made_by(fields),
    )


def _cell(observatory: Observatory, record: FieldKey, spec: FieldSpec, fields: Mapping[str, _Value]) -> Cell:
    key = FieldKey(record.area_code, record.kind, record.record_key, spec.name)
    return _told(observatory, key, spec, fields.get(spec.name))


def _told(observatory: Observatory, key: FieldKey, spec: FieldSpec, value: _Value | None) -> Cell:
    """A value as a person reads it in a cell: a date is a date, what is absent says so."""
    if value is None:
        return NOT_REPORTED
    match spec.form:
        case FieldForm.DATE:
            return date.fromisoformat(value.text)
        case FieldForm.ATTACHMENTS:
            return len(value.text.split())
        case FieldForm.INDICATOR:
            known = observatory.catalogue.indicators.get(value.text)
            return known.label if known else value.text
    return value_text(key, value.text)


def _made_by(fields: Mapping[str, _Value]) -> tuple[Cell, Cell, Cell]:
    """Who wrote last in a record, when, and whether it is invented."""
    latest = max(fields.values(), key=lambda value: value.written_on or date.min, default=None)
    invented = any(value.is_demonstration for value in fields.values())
    return (
        latest.written_by if latest else None,
        latest.written_on if latest else None,
        words.DEMONSTRATION if invented else words.NO_DEMONSTRATION,
    )


def _record_name(key: FieldKey, fields: Mapping[str, _Value]) -> str:
    if key.kind is RecordKind.RATING:
        first, second = split_rating_key(key.record_key)
        return f"{PARTNERS[first].label} à propos de {PARTNERS[second].label}"
    named = next((fields[name].text for name in ("label", "action", "finding") if name in fields), "")
    return named if named and key.kind in {RecordKind.RESOURCE, RecordKind.ACTION} else record_label(key)


def _area_name(observatory: Observatory, code: str) -> str:
    basin = observatory.basins.get(code)
    return basin.basin_label if basin else "Provence-Alpes-Côte d’Azur" if code == REGION_AREA else code


def _provenance(made_on: date | datetime, frozen: FrozenState | None) -> list[str]:
    state = f"État figé « {frozen.name} »." if frozen else "État présent."
    return [f"{state} Fichier fait le {format_date(made_on)}. Observatoire des ruptures."]


def _explanations() -> list[str]:
    states: Iterable[str] = (f"{STATUS_LABELS[s]} : {text}." for s, text in STATUS_DESCRIPTIONS.items())
    levels = (f"{int(level)} : {label}." for level, label in LEVEL_LABELS.items())
    return [*words.READ_ME, words.SCALE_TITLE, *levels, SCALE_SOURCE, words.STATUS_TITLE, *states]
