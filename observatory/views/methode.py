"""View-model of the page Méthode et sources: where each figure comes from, and what can be doubted.

Everything is read from the catalogue, the figures and the territory of the version shown; nothing is copied
by hand, so that the page cannot disagree with the map.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from observatory.domain.figures import FigureStatus, split_notes
from observatory.domain.indicators import Indicator, Polarity, Role, Source
from observatory.domain.territory import ACADEMIE_CODES, REGION_CODE
from observatory.french import numbers, sentences, texts
from observatory.views.observatory import Observatory
from observatory.views.sheet import Cell, Sheet

_POLARITY = {
    Polarity.HIGHER_IS_WORSE: "plus haut : plus exposé",
    Polarity.HIGHER_IS_BETTER: "plus haut : moins exposé",
    Polarity.NEUTRAL: "sans sens favorable",
}


@dataclass(frozen=True)
class IndicatorEntry:
    """One line of the catalogue."""

    code: str
    label: str
    caption: str


@dataclass(frozen=True)
class CoverageRow:
    """One indicator in one year: basins that have their own value, coverage, value of the region."""

    label: str
    year: int
    resolved: str
    lowest: str
    middle: str
    others: str
    region: str


@dataclass(frozen=True)
class SourceEntry:
    """One dataset of one producer. ``address``: web address or empty; ``address_note``: the rest of it."""

    code: str
    producer: str
    dataset: str
    vintage: str
    licence: str
    address: str
    address_note: str
    retrieved_on: str


@dataclass(frozen=True)
class IndicatorDetail:
    """All that is known of one indicator; ``terms`` are pairs of a heading and its text."""

    label: str
    reading: str
    definition: str
    terms: tuple[tuple[str, str], ...]
    years: tuple[CoverageRow, ...]
    caveats: tuple[str, ...]
    sources: tuple[SourceEntry, ...]


@dataclass(frozen=True)
class ConfidenceLine:
    """How many communes are attached to their basin with this confidence, and their share of inhabitants."""

    level: str
    label: str
    communes: str
    population: str


@dataclass(frozen=True)
class Limits:
    """How sure the limits of the basins are. ``doubtful``: basins (name, what is known) least sure."""

    sentence: str
    confidence: tuple[ConfidenceLine, ...]
    doubtful: tuple[tuple[str, str], ...]


def build_entries(observatory: Observatory, search: str = "") -> tuple[IndicatorEntry, ...]:
    """Indicators whose label, definition, dimension or source holds every word of ``search``.

    Accents and capitals do not count. Without a word, all of them.
    """
    words = _plain(search).split()
    catalogue = observatory.catalogue
    found = []
    for indicator in catalogue.indicators.values():
        sources = [catalogue.sources[code] for code in indicator.source_codes]
        text = _plain(
            " ".join(
                (
                    indicator.label,
                    indicator.short_label,
                    indicator.definition,
                    _reading(observatory, indicator),
                    " ".join(f"{s.producer} {s.dataset}" for s in sources),
                    " ".join(map(str, indicator.years)),
                )
            )
        )
        if all(word in text for word in words):
            years = numbers.join_words([str(y) for y in indicator.years])
            found.append(
                IndicatorEntry(
                    indicator.code, indicator.label, f"{_reading(observatory, indicator)} · {years}"
                )
            )
    return tuple(found)


def build_detail(observatory: Observatory, indicator_code: str) -> IndicatorDetail:
    """The record of one indicator: definition, counts, weight, vintages and coverage, caveats, sources."""
    indicator = observatory.catalogue.indicators[indicator_code]
    breaks = (
        f" Série rompue en {numbers.join_words([str(y) for y in indicator.breaks])}."
        if indicator.breaks
        else ""
    )
    terms = (
        ("Numérateur", indicator.numerator),
        ("Dénominateur", indicator.denominator),
        ("Poids", indicator.weight),
        ("Unité", f"{sentences.unit_of(indicator)} ; {_POLARITY[indicator.polarity]}"),
        ("Niveau d’origine", indicator.level),
        ("Années", f"{numbers.join_words([str(y) for y in indicator.years])}.{breaks}"),
    )
    return IndicatorDetail(
        indicator.label,
        _reading(observatory, indicator),
        indicator.definition,
        terms,
        tuple(_coverage_row(observatory, indicator, year) for year in sorted(indicator.years, reverse=True)),
        indicator.caveats,
        tuple(_source(observatory.catalogue.sources[code]) for code in indicator.source_codes),
    )


def build_coverage(observatory: Observatory) -> tuple[CoverageRow, ...]:
    """One line an indicator and year, in the order of the catalogue, latest year first."""
    return tuple(
        _coverage_row(observatory, indicator, year)
        for indicator in observatory.catalogue.indicators.values()
        for year in sorted(indicator.years, reverse=True)
    )


def build_sources(observatory: Observatory) -> tuple[SourceEntry, ...]:
    """Every dataset of the catalogue, in its order."""
    return tuple(_source(source) for source in observatory.catalogue.sources.values())


def build_limits(observatory: Observatory) -> Limits:
    """Confidence of the attachment of communes to basins, counted, and the basins that are least sure."""
    communes = observatory.communes
    total, inhabitants = len(communes), float(communes["population"].sum())
    lines = []
    for level, label in texts.CONFIDENCE_LABELS.items():
        mine = communes[communes["confidence"] == level]
        share = float(mine["population"].sum()) / inhabitants if inhabitants else 0.0
        lines.append(
            ConfidenceLine(level, label, numbers.format_number(len(mine)), numbers.format_share(share))
        )
    low = int((communes["confidence"] == "low").sum())
    doubtful = tuple(
        (basin.basin_label, basin.evidence)
        for basin in observatory.basins.values()
        if basin.reliability.startswith("uncertain")
    )
    return Limits(
        f"{numbers.format_number(low)} communes et arrondissements sur {numbers.format_number(total)} "
        "sont rattachées à leur bassin de façon incertaine",
        tuple(lines),
        doubtful,
    )


def regression_sentence(observatory: Observatory) -> str:
    """What the line of observed on context explains, over how many basins, or why there is none."""
    summary = observatory.summary
    r_squared, count = summary.get("r_squared"), summary.get("resolved_count")
    if r_squared is None or count is None or r_squared != r_squared:
        return "La relation entre contexte et observé n’est pas calculée : trop peu de bassins ont les deux."
    left_out = len(observatory.basins) - int(count)
    year = summary.get("observed_year")
    when = f", observé de {int(year)}" if year is not None and year == year else ""
    return (
        f"Sur les {int(count)} bassins qui ont à la fois un indice et un observé propre{when}, le contexte "
        f"est associé à {numbers.format_share(r_squared)} des différences d’observé (R² = "
        f"{numbers.format_number(r_squared, 2)}). {left_out} bassins restent de côté. "
        "Une association n’est pas une cause."
    )


def figure_sheet(observatory: Observatory) -> Sheet:
    """Every figure of the version shown, in the unit that is read on the screen (percent for a share)."""
    catalogue, names = observatory.catalogue, _area_names(observatory)
    rows: list[tuple[Cell, ...]] = []
    for row in observatory.figures.to_dict("records"):
        figure = observatory.figure(row["area_code"], row["indicator_code"], int(row["year"]))
        if figure is None or figure.indicator_code not in catalogue.indicators:
            continue
        indicator = catalogue.indicators[figure.indicator_code]
        scale = numbers.scale_of(indicator.unit)
        source = catalogue.sources.get(figure.source_code)
        # What may not be told is not told by its bounds or its counts either.
        is_told = figure.told_value is not None
        bounds = (figure.lower, figure.upper) if is_told else (None, None)
        counts = (figure.numerator, figure.denominator) if is_told else (None, None)
        rows.append(
            (
                figure.area_code,
                names.get(figure.area_code, figure.area_code),
                indicator.code,
                indicator.label,
                figure.year,
                _scaled(figure.told_value, scale),
                *(_scaled(bound, scale, decimals=2) for bound in bounds),
                sentences.unit_of(indicator),
                *counts,
                _scaled(figure.coverage, 100.0, decimals=1),
                "" if figure.status is FigureStatus.VALUE else texts.STATUS_LABELS[figure.status],
                " ; ".join(texts.NOTE_LABELS[note] for note in split_notes(figure.note)),
                f"{source.producer}, {source.dataset}, {source.vintage}" if source else figure.source_code,
            )
        )
    return Sheet(
        "Chiffres",
        (
            "Code du territoire",
            "Territoire",
            "Code de l’indicateur",
            "Indicateur",
            "Année",
            "Valeur",
            "Borne basse à 95 %",
            "Borne haute à 95 %",
            "Unité",
            "Numérateur",
            "Dénominateur",
            "Couverture, en %",
            "État, s’il n’y a pas de valeur propre",
            "Remarque",
            "Source",
        ),
        tuple(rows),
        _provenance(observatory),
    )


def risk_sheets(observatory: Observatory) -> tuple[Sheet, ...]:
    """Index with its robustness, contributions, gap and typology, as published for this version."""
    names = _area_names(observatory)
    dimensions = observatory.catalogue.dimensions
    index = [
        (
            row["basin_code"],
            names.get(row["basin_code"], ""),
            *(_number(row[c]) for c in ("context_index", "index_lower", "index_upper")),
            *(_number(row[c]) for c in ("rank_median", "rank_lower", "rank_upper")),
            missing_words(observatory, row["missing_dimensions"]),
        )
        for row in observatory.context_index.to_dict("records")
    ]
    contributions = [
        (
            row["basin_code"],
            names.get(row["basin_code"], ""),
            dimensions[row["dimension_code"]].label,
            *(_number(row[c]) for c in ("score", "weight", "contribution")),
        )
        for row in observatory.contributions.to_dict("records")
        if row["dimension_code"] in dimensions
    ]
    gap = [
        (
            row["basin_code"],
            names.get(row["basin_code"], ""),
            int(row["year"]),
            *(_scaled(_number(row[c]), 100.0) for c in ("observed", "expected", "gap")),
            _number(row["studentised"]),
            "oui" if row["is_notable"] is True or row["is_notable"] == 1 else "non",
        )
        for row in observatory.gap.to_dict("records")
        if row["status"] == "computed"
    ]
    typology = [
        (
            row["basin_code"],
            names.get(row["basin_code"], ""),
            int(row["year"]),
            texts.TYPOLOGY_LABELS[row["typology"]],
        )
        for row in observatory.typology.to_dict("records")
    ]
    area, notes = ("Code du bassin", "Bassin"), _provenance(observatory)
    return (
        Sheet(
            "Indice de contexte",
            (
                *area,
                "Indice",
                "Borne à 5 %",
                "Borne à 95 %",
                "Rang médian",
                "Rang à 5 %",
                "Rang à 95 %",
                "Dimension qui manque",
            ),
            tuple(index),
            notes,
        ),
        Sheet(
            "Contributions à l’indice",
            (*area, "Dimension", "Score", "Poids", "Contribution"),
            tuple(contributions),
            notes,
        ),
        Sheet(
            "Écart à l’attendu",
            (
                *area,
                "Année",
                "Observé, en %",
                "Attendu, en %",
                "Écart, en points",
                "Résidu studentisé",
                "Notable",
            ),
            tuple(gap),
            notes,
        ),
        Sheet("Typologie", (*area, "Année", "Type"), tuple(typology), notes),
    )


def catalogue_sheet(observatory: Observatory) -> Sheet:
    """The catalogue of indicators, one line each."""
    return Sheet(
        "Catalogue",
        (
            "Code",
            "Indicateur",
            "Lecture",
            "Définition",
            "Numérateur",
            "Dénominateur",
            "Poids",
            "Unité",
            "Années",
            "Limites",
            "Sources",
        ),
        tuple(
            (
                indicator.code,
                indicator.label,
                _reading(observatory, indicator),
                indicator.definition,
                indicator.numerator,
                indicator.denominator,
                indicator.weight,
                sentences.unit_of(indicator),
                ", ".join(str(y) for y in indicator.years),
                " ".join(indicator.caveats),
                ", ".join(indicator.source_codes),
            )
            for indicator in observatory.catalogue.indicators.values()
        ),
        _provenance(observatory),
    )


def coverage_sheet(observatory: Observatory) -> Sheet:
    """Vintages and coverage as the page shows them."""
    return Sheet(
        "Couverture",
        (
            "Indicateur",
            "Année",
            "Bassins avec une valeur propre",
            "La plus faible",
            "Médiane",
            "Autres états",
        ),
        tuple(
            (r.label, r.year, r.resolved, r.lowest, r.middle, r.others) for r in build_coverage(observatory)
        ),
        _provenance(observatory),
    )


def source_sheet(observatory: Observatory) -> Sheet:
    """The sources with their licence and address."""
    return Sheet(
        "Sources",
        ("Code", "Producteur", "Jeu de données", "Millésime", "Licence", "Adresse", "Lu le"),
        tuple(
            (
                s.code,
                s.producer,
                s.dataset,
                s.vintage,
                s.licence,
                " ".join(filter(None, (s.address, s.address_note))),
                s.retrieved_on,
            )
            for s in build_sources(observatory)
        ),
        _provenance(observatory),
    )


def missing_words(observatory: Observatory, codes: object) -> str:
    """Labels of the dimensions named in a ``missing_dimensions`` cell."""
    labels = observatory.catalogue.dimensions
    found = [c for c in codes.split("|") if c] if isinstance(codes, str) else []
    return numbers.join_words([labels[c].label if c in labels else c for c in found])


def _provenance(observatory: Observatory) -> tuple[str, ...]:
    at = observatory.version_at
    when = f" du {numbers.format_date(at)}" if at else ""
    return (
        f"{texts.APP_TITLE}, {texts.REGION_NAME}. Données réelles, version {observatory.version_id}{when}.",
        f"{texts.RECONSTRUCTED}.",
    )


def _reading(observatory: Observatory, indicator: Indicator) -> str:
    if indicator.role is Role.OUTCOME:
        return "Observé"
    dimension = observatory.catalogue.dimensions.get(indicator.dimension or "")
    return f"Contexte, {dimension.label.lower()}" if dimension else "Contexte"


def _coverage_row(observatory: Observatory, indicator: Indicator, year: int) -> CoverageRow:
    figures = observatory.basin_figures(indicator.code, year)
    coverages = [f.coverage for f in figures if f.coverage is not None]
    resolved = sum(1 for f in figures if f.status is FigureStatus.VALUE)
    absent = len(observatory.basins) - len(figures)
    counts = {status: sum(1 for f in figures if f.status is status) for status in texts.STATUS_LABELS}
    counts[FigureStatus.MISSING] = counts.get(FigureStatus.MISSING, 0) + absent
    region = observatory.regional_value(indicator.code, year)
    return CoverageRow(
        indicator.label,
        year,
        f"{resolved} sur {len(observatory.basins)}",
        numbers.format_share(min(coverages)) if coverages else "–",
        numbers.format_share(median(coverages)) if coverages else "–",
        ", ".join(f"{texts.STATUS_LABELS[status]} : {n}" for status, n in counts.items() if n),
        "–" if region is None else numbers.format_value(region, indicator),
    )


def _source(source: Source) -> SourceEntry:
    first, _, rest = source.address.partition(" ")
    is_link = first.startswith(("https://", "http://"))
    return SourceEntry(
        source.code,
        source.producer,
        source.dataset,
        _signed(str(source.vintage)),
        _signed(source.licence),
        first if is_link else "",
        _signed(rest if is_link else source.address),
        _day_text(source.retrieved_on),
    )


def _signed(text: str) -> str:
    """What is still to be checked carries a sign, which the list of sources explains once.

    >>> _signed("Licence Ouverte (version à vérifier)"), _signed("à vérifier (insee.fr)")
    ('Licence Ouverte *', 'insee.fr *')
    """
    if "à vérifier" not in text:
        return text
    text = re.sub(r"^[^()]*à vérifier \(([^()]*)\)", r"\1 *", text)
    text = re.sub(r"\(([^(),:]*)à vérifier\s*:\s*([^()]*)\)", r"(\2) *", text)
    text = re.sub(r" ?\([^(),]*à vérifier\)", " *", text)
    return re.sub(r",[^(),]*à vérifier\)", ") *", text).strip()


def _day_text(text: str) -> str:
    day = pd.to_datetime(text, errors="coerce", format="%Y-%m-%d")
    return text if pd.isna(day) else numbers.format_date(day.date())


def _area_names(observatory: Observatory) -> dict[str, str]:
    return {
        **{code: basin.basin_label for code, basin in observatory.basins.items()},
        **{code: f"Académie : {name}" for name, code in ACADEMIE_CODES.items()},
        REGION_CODE: texts.REGION_NAME,
    }


def _scaled(value: float | None, scale: float, *, decimals: int = 6) -> float | None:
    """Six decimals are those of the stored figures: enough to compute with them again."""
    return None if value is None else round(value * scale, decimals)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 6)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")
