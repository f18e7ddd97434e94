"""The page Croisement as tables to export: one line per number, then a sheet per part of the page."""

from __future__ import annotations

from datetime import date

from observatory.domain.figures import FigureStatus
from observatory.french import campaign as words
from observatory.french.numbers import format_date
from observatory.views.croisement import Croisement, ErrorLine, MatchTable, Told
from observatory.views.sheet import Cell, Sheet

_SHARES = "Les parts sont en %."
_FLAT = ("Rubrique", "Élément", "Mesure", "Valeur", "Borne basse", "Borne haute", "État")


def croisement_sheets(view: Croisement, day: date) -> tuple[Sheet, ...]:
    """The flat table first; every sheet carries the campaign, and the banner when it is invented."""
    notes = (f"{view.label}. {view.dates}", f"Édité le {format_date(day)}.")
    banner = words.BANNER.replace("**", "") if view.is_demonstration else ""

    def sheet(title: str, headers: tuple[str, ...], rows: list[tuple[Cell, ...]], *more: str) -> Sheet:
        return Sheet(title, headers, tuple(rows), (*more, *notes, *((banner,) if banner else ())), banner)

    sources: list[tuple[Cell, ...]] = [
        (
            one.label, one.owner, *map(_number, (one.rows_in, one.refused, one.repaired, one.rows_out)),
            *map(_number, (one.linked, one.review, one.unlinked)), _percent(one.rate),
        )
        for one in view.sources
    ]  # fmt: skip
    return (
        sheet("Croisement", _FLAT, _flat(view), _SHARES),
        sheet(
            "Sources",
            (
                "Base",
                "Producteur",
                "Lignes lues",
                "Écartées",
                "Réparations",
                "Fiches gardées",
                "Reliées",
                "À relire",
                "Sans lien",
                "Taux de lien (en %)",
            ),
            sources,
        ),
        sheet(
            "À corriger à la source",
            ("Base", "Constat", "Suite", "Nombre", "Que faire"),
            _errors(view.errors),
            words.DISAGREEMENT_NOTE,
        ),
        sheet("Réparations", ("Base", "Constat", "Suite", "Nombre", "Que faire"), _errors(view.repairs)),
        _matches(view.by_departement, "Par département", notes, banner),
        _matches(view.by_year, "Par année de naissance", notes, banner),
        sheet(
            "Paires douteuses",
            ("Base", "À trancher", "Même personne", "Personnes différentes", "Sans réponse"),
            [
                (one.source, *map(_number, (one.pairs, one.same, one.different, one.cannot_tell)))
                for one in view.review
            ],
        ),
        sheet(
            "Ce que voit chaque base",
            ("Bases", "Personnes"),
            [(one.label, _number(one.persons)) for one in view.overlap],
            words.OVERLAP_NOTE,
        ),
        sheet(
            "Calibrage",
            ("Poids", "Paires vérifiées", "Annoncé (en %)", "Observé (en %)", "Borne basse", "Borne haute"),
            [
                (
                    one.label,
                    _number(one.pairs),
                    _percent(one.announced),
                    _percent(one.observed),
                    _scaled(one.observed.lower),
                    _scaled(one.observed.upper),
                )
                for one in view.calibration
            ],
            words.CALIBRATION_NOTE,
        ),
        sheet(
            "Méthodes",
            (
                "Méthode",
                "Liens",
                "Liens justes (en %)",
                "Liens retrouvés (en %)",
                "Missions locales : liens retrouvés (en %)",
            ),
            [
                (
                    one.label,
                    _number(one.pairs),
                    *map(_percent, (one.precision, one.recall, one.mission_locale_recall)),
                )
                for one in view.methods
            ],
            words.METHODS_NOTE,
        ),
        sheet(
            "Comptés à tort et laissés",
            ("Élément", "Personnes", "Borne basse", "Borne haute"),
            [
                (one.label, _number(one.persons), one.persons.lower, one.persons.upper)
                for one in (*view.false_dropouts, *view.left_out)
            ],
        ),
    )


def _flat(view: Croisement) -> list[tuple[Cell, ...]]:
    """One line per number of the page."""
    rows: list[tuple[Cell, ...]] = []

    def add(part: str, item: str, measure: str, told: Told, *, is_share: bool = False) -> None:
        scale = 100 if is_share else 1
        bounds = (None if bound is None else round(bound * scale, 3) for bound in (told.lower, told.upper))
        value = None if told.value is None else round(told.value * scale, 3)
        state = "valeur" if told.status is FigureStatus.VALUE else told.text
        rows.append((part, item, measure, value, *bounds, state))

    for one in view.sources:
        add("Sources", one.label, "lignes lues", one.rows_in)
        add("Sources", one.label, "lignes écartées", one.refused)
        add("Sources", one.label, "réparations", one.repaired)
        add("Sources", one.label, "fiches gardées", one.rows_out)
        add("Sources", one.label, "fiches reliées", one.linked)
        add("Sources", one.label, "fiches à relire", one.review)
        add("Sources", one.label, "fiches sans lien", one.unlinked)
        add("Sources", one.label, "taux de lien", one.rate, is_share=True)
    for error in (*view.errors, *view.repairs):
        add("Constats", f"{error.source} : {error.what}", error.outcome, error.count)
    for table in (view.by_departement, view.by_year):
        for label, cells in table.rows:
            for column, cell in zip(table.columns, cells, strict=True):
                add(table.caption, f"{label}, {column}", "taux de lien", cell, is_share=True)
    for pairs in view.review:
        add("Paires douteuses", pairs.source, "à trancher", pairs.pairs)
        add("Paires douteuses", pairs.source, "même personne", pairs.same)
        add("Paires douteuses", pairs.source, "personnes différentes", pairs.different)
        add("Paires douteuses", pairs.source, "sans réponse", pairs.cannot_tell)
    for combination in view.overlap:
        add("Ce que voit chaque base", combination.label, "personnes", combination.persons)
    for band in view.calibration:
        add("Calibrage", f"poids {band.label}", "paires vérifiées", band.pairs)
        add("Calibrage", f"poids {band.label}", "annoncé", band.announced, is_share=True)
        add("Calibrage", f"poids {band.label}", "observé", band.observed, is_share=True)
    for method in view.methods:
        add("Méthodes", method.label, "liens", method.pairs)
        add("Méthodes", method.label, "liens justes", method.precision, is_share=True)
        add("Méthodes", method.label, "liens retrouvés", method.recall, is_share=True)
        local = method.mission_locale_recall
        add("Méthodes", method.label, "liens retrouvés, missions locales", local, is_share=True)
    for count in view.false_dropouts:
        add("Comptés à tort sans solution", count.label, "personnes", count.persons)
    for count in view.left_out:
        add("Laissées hors des chiffres", count.label, "personnes", count.persons)
    return rows


def _matches(table: MatchTable, title: str, notes: tuple[str, ...], banner: str) -> Sheet:
    headers = (table.heading, *(f"{column} (en %)" for column in table.columns))
    rows = tuple((label, *map(_percent, cells)) for label, cells in table.rows)
    return Sheet(title, headers, rows, (*notes, *((banner,) if banner else ())), banner)


def _errors(lines: tuple[ErrorLine, ...]) -> list[tuple[Cell, ...]]:
    return [(one.source, one.what, one.outcome, _number(one.count), one.remedy) for one in lines]


def _number(told: Told) -> Cell:
    return told.text if told.value is None else told.value


def _percent(told: Told) -> Cell:
    return told.text if told.value is None else _scaled(told.value)


def _scaled(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 3)
