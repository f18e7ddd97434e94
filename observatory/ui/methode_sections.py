"""The sections of the page Méthode as HTML, one function a section; choices are in ``methode_desk``."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from observatory.domain.figures import FigureStatus
from observatory.french.glossary import CITATIONS, FORMULAS, GLOSSARY, INDEX_STEPS, LIMITS, SIGNS, Entry
from observatory.french.texts import STATUS_LABELS
from observatory.french.typography import bind
from observatory.geo import palette
from observatory.ui import html
from observatory.ui.signs import state_sign
from observatory.views.methode import CoverageRow, IndicatorDetail, Limits, SourceEntry
from observatory.views.methode_index import IndexView, RankSpan, WhatIf

_COVERAGE_HEADERS = (
    "Année",
    "Bassins avec une valeur propre",
    "Couverture la plus faible",
    "Couverture médiane",
    "Autres états",
    "Région",
)


def detail(view: IndicatorDetail) -> Markup:
    """The record of one indicator, from its definition to its sources."""
    terms = html.join(html.markup("<dt>{}</dt><dd>{}</dd>", term, bind(text)) for term, text in view.terms)
    return html.markup(
        '<article class="obs-card method-detail"><div class="obs-eyebrow">{}</div><h2>{}</h2>'
        '<p class="method-definition">{}</p><dl>{}</dl><h3>Années et couverture</h3>{}'
        "<h3>Ce qu’il faut savoir</h3>{}<h3>D’où il vient</h3>{}</article>",
        view.reading,
        bind(view.label),
        bind(view.definition),
        terms,
        html.table(
            _COVERAGE_HEADERS,
            [
                (str(r.year), r.resolved, r.lowest, r.middle, r.others or "aucun", r.region)
                for r in view.years
            ],
            numeric=(1, 2, 3, 5),
            caption="Années et couverture",
        ),
        _bullets(view.caveats),
        _to_check(view.sources) + html.join(_source(source) for source in view.sources),
    )


def coverage(rows: tuple[CoverageRow, ...]) -> Markup:
    """Vintages and coverage of every indicator."""
    return _card(
        "Millésimes et couverture",
        html.table(
            ("Indicateur", *_COVERAGE_HEADERS),
            [
                (r.label, str(r.year), r.resolved, r.lowest, r.middle, r.others or "aucun", r.region)
                for r in rows
            ],
            numeric=(1, 2, 3, 4, 6),
            caption="Millésimes et couverture de chaque indicateur",
        ),
    )


def sources(entries: tuple[SourceEntry, ...]) -> Markup:
    """Every dataset, with licence and address."""
    return _card("Sources", _to_check(entries) + html.join(_source(entry) for entry in entries))


def versions(rows: Iterable[tuple[str, str, str]], sentence: str) -> Markup:
    """Versions of the data: number, date, label."""
    return _card(
        "Versions des données",
        html.markup("<p>{}</p>", bind(sentence))
        + html.table(("Version", "Date", "Libellé"), rows, numeric=(0,), caption="Versions des données"),
    )


def index(view: IndexView) -> Markup:
    """What the index is made of: dimensions, weights, steps, values brought back."""
    steps = html.join(
        html.markup("<li><strong>{}.</strong> {}</li>", step.term, bind(step.text)) for step in INDEX_STEPS
    )
    brought_back = (
        _bullets(view.winsorised)
        if view.winsorised
        else Markup("<p>Aucune valeur n’a eu à être ramenée dans cette version des données.</p>")
    )
    return html.markup(
        '<section class="obs-card"><h2>{}</h2>{}</section>'
        '<section class="obs-card"><h2>Comment il est fait</h2><ol class="method-steps">{}</ol></section>'
        '<section class="obs-card"><h2>Valeurs extrêmes ramenées à une borne</h2>{}</section>',
        view.sentence,
        html.table(
            ("Dimension", "Indicateurs", "Poids", "Sans valeur"),
            [(d.label, bind(d.indicators), d.weight, d.missing) for d in view.dimensions],
            numeric=(2,),
            caption="Dimensions de l’indice de contexte",
        ),
        steps,
        brought_back,
    )


def what_if(view: WhatIf) -> Markup:
    """Rank intervals today and with the choice, as words and as bars on one axis."""
    total = max(len(view.rows), 1)
    body = html.join(
        html.markup(
            '<tr><th scope="row">{}</th><td>{}</td><td>{}</td>'
            '<td class="method-span" aria-hidden="true">{}{}</td></tr>',
            row.label,
            row.before.text if row.before else "pas d’indice",
            row.after.text if row.after else bind(f"pas d’indice, {row.reason}"),
            _span(row.before, total, "before"),
            _span(row.after, total, "after"),
        )
        for row in view.rows
    )
    return html.markup(
        '<h3 class="method-result" aria-live="polite">{}</h3><p class="obs-source">{}</p>'
        '<table class="obs-table method-what-if"><caption class="obs-visually-hidden">Rang d’exposition '
        "de chaque bassin, aujourd’hui et avec ce choix</caption>"
        '<thead><tr><th scope="col">Bassin</th>'
        '<th scope="col"><i class="method-key before"></i>Aujourd’hui, sur {}</th>'
        '<th scope="col"><i class="method-key after"></i>Avec ce choix, sur {}</th>'
        '<th scope="col" class="method-axis"><span>plus exposé</span>'
        "<span>moins</span></th></tr></thead><tbody>{}</tbody></table>",
        bind(view.title),
        bind(view.note),
        view.count_before,
        view.count_after,
        body,
    )


def formulas(regression: str) -> Markup:
    """The computations in words, the line of this version, the references."""
    return (
        _card(
            "Contexte et observé dans cette version",
            html.markup('<p class="method-definition">{}</p>', bind(regression)),
        )
        + _card("Les calculs en mots", _definitions(FORMULAS))
        + _card("Références", _bullets(CITATIONS))
    )


def signs() -> Markup:
    """The states that are not a value, each with its pattern."""
    lines = html.join(
        html.markup(
            '<tr><td><span role="img" aria-label="Motif : {}">{}</span></td>'
            '<th scope="row">{}</th><td>{}</td></tr>',
            STATUS_LABELS[status],
            state_sign(status, width=46, height=28),
            STATUS_LABELS[status],
            bind(text),
        )
        for status, text in SIGNS
        if status is not FigureStatus.VALUE
    )
    return _card(
        "Quand il n’y a pas de chiffre à colorer",
        html.markup(
            "<p>Zéro est un chiffre, et se colore comme les autres. Ces états n’en sont pas : chacun a son "
            'motif, sur la carte comme dans les tableaux.</p><table class="obs-table">'
            '<thead class="obs-visually-hidden"><tr><th scope="col">Motif</th><th scope="col">État</th>'
            '<th scope="col">Sens</th></tr></thead><tbody>{}</tbody></table>',
            lines,
        ),
    )


def limits(view: Limits) -> Markup:
    """What the figures cannot say, and how sure the limits of the basins are."""
    return _card("Ce que ces chiffres ne disent pas", _bullets(LIMITS)) + _card(
        view.sentence,
        html.table(
            ("Rattachement", "Communes et arrondissements", "Part des habitants"),
            [
                (
                    html.markup(
                        '<i class="method-dot" style="background:{}"></i>{}',
                        palette.CONFIDENCE[line.level],
                        line.label,
                    ),
                    line.communes,
                    line.population,
                )
                for line in view.confidence
            ],
            numeric=(1, 2),
            caption="Confiance dans le rattachement des communes aux bassins",
        )
        + html.markup("<h3>Bassins dont les limites ou le nom sont les moins sûrs</h3>")
        + html.table(
            ("Bassin", "Ce que l’on en sait"),
            [(name, bind(text)) for name, text in view.doubtful],
            caption="Bassins les moins sûrs",
        ),
    )


def glossary() -> Markup:
    """Words that the pages use, in plain French."""
    return _card("Glossaire", _definitions(GLOSSARY))


def _definitions(entries: Iterable[Entry]) -> Markup:
    return html.markup(
        '<dl class="method-words">{}</dl>',
        html.join(
            html.markup(
                '<div><dt>{}</dt><dd>{}<span class="obs-small">{}</span></dd></div>',
                entry.term,
                bind(entry.text),
                f" {entry.reference}." if entry.reference else "",
            )
            for entry in entries
        ),
    )


def _card(title: str, content: Markup) -> Markup:
    return html.markup('<section class="obs-card"><h2>{}</h2>{}</section>', title, content)


def _bullets(texts: Iterable[str]) -> Markup:
    return html.markup(
        '<ul class="obs-list">{}</ul>', html.join(html.markup("<li>{}</li>", bind(text)) for text in texts)
    )


def _source(source: SourceEntry) -> Markup:
    link = (
        html.markup(
            '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a> ', source.address, source.address
        )
        if source.address
        else Markup("")
    )
    return html.markup(
        '<div class="method-source"><strong>{}</strong><br>{}, {}.<br>{}{}<br><span class="obs-small">{}. '
        "Fichier lu le {}.</span></div>",
        source.producer,
        bind(source.dataset),
        source.vintage,
        link,
        bind(source.address_note),
        bind(source.licence),
        source.retrieved_on,
    )


def _to_check(entries: Iterable[SourceEntry]) -> Markup:
    texts = (text for e in entries for text in (e.vintage, e.licence, e.address_note))
    if not any("*" in text for text in texts):
        return Markup("")
    return Markup(
        '<p class="obs-small">* Adresses, dates et versions de licence en cours de vérification.</p>'
    )


def _span(span: RankSpan | None, total: int, kind: str) -> Markup:
    if span is None:
        return html.markup('<i class="method-bar {} none"></i>', kind)
    left, width = (span.lower - 1) / total * 100, (span.upper - span.lower + 1) / total * 100
    return html.markup(
        '<i class="method-bar {}" style="left:{}%;width:{}%"></i>', kind, f"{left:.2f}", f"{width:.2f}"
    )
