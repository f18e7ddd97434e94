"""The facets of the page Croisement as HTML, each drawing beside its table; choices are in the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from observatory.domain.figures import FigureStatus
from observatory.export.svg_matching import calibration_chart, method_chart, overlap_chart
from observatory.french import campaign as words
from observatory.ui import html
from observatory.ui.signs import state_sign
from observatory.views.croisement import CountLine, Croisement, MatchTable, Told

_FIRST = 9
"""Rows of a long table that are shown before one asks for the others."""
_NAMES = tuple(words.SOURCE_SHORT.items())
_OVERLAP_ALTERNATIVE = "Nombre de personnes par combinaison de bases ; voir le tableau."
_CALIBRATION_ALTERNATIVE = "Justesse annoncée et observée par tranche de poids ; voir le tableau."
_METHOD_ALTERNATIVE = "Part des liens à faire que chaque méthode retrouve ; voir le tableau."


def empty() -> Markup:
    """What to run before the page has anything to say."""
    steps = html.join(
        html.markup("<li><code>{}</code> : {}</li>", command, what) for command, what in words.STEPS
    )
    return html.markup(
        '<section class="obs-card cx-empty"><h2>{}</h2><p>{}</p><ol>{}</ol></section>',
        words.NO_CAMPAIGN,
        words.NO_CAMPAIGN_DETAIL,
        steps,
    )


def sentences(view: Croisement) -> Markup:
    """The three sentences that everybody should leave with."""
    said = html.join(html.markup("<li>{}</li>", sentence) for sentence in view.sentences)
    return html.markup('<ul class="cx-said">{}</ul>', said)


def summary(view: Croisement) -> Markup:
    """The three sentences, then what became of the records of each base."""
    rows = [(one.label, told(one.rows_out), told(one.linked), _bar(one.rate)) for one in view.sources]
    table = html.table(
        ("Base", "Fiches", "Reliées", "Taux de lien"),
        rows,
        numeric=(1, 2),
        caption="Fiches reliées par base",
    )
    note = "Pour la base élèves : part des élèves qu’une autre base connaît."
    return html.markup(
        '<section class="obs-card">{}</section>{}',
        sentences(view),
        _card("Fiches reliées", table + _signs(one.rate for one in view.sources) + _note(note)),
    )


def sources(view: Croisement) -> Markup:
    """What each extract brought."""
    return _card(
        "Sources chargées",
        html.table(
            ("Base", "Lignes lues", "Écartées", "Réparations", "Fiches gardées"),
            [
                (
                    html.markup('{} <span class="obs-small">{}</span>', one.label, one.owner),
                    *map(told, (one.rows_in, one.refused, one.repaired, one.rows_out)),
                )
                for one in view.sources
            ],
            numeric=(1, 2, 3, 4),
            caption="Sources chargées et leur qualité",
        ),
    )


def errors(view: Croisement) -> Markup:
    """What producers are asked to correct."""
    title = "À corriger à la source"
    if not view.errors:
        said = "Rien à corriger n’a été relevé." if view.has_findings else "Non transmis."
        return _card(title, _note(said))
    rows = [(one.source, _two(one.what, one.outcome), told(one.count), one.remedy) for one in view.errors]
    headers = ("Base", "Constat", "Nombre", "Que faire")
    return _card(title, _first_rows(headers, rows, title) + _note(words.DISAGREEMENT_NOTE))


def repairs(view: Croisement) -> Markup:
    """What the pipeline repaired by itself."""
    title = "Réparé à la lecture"
    if not view.repairs:
        said = "Aucune réparation n’a été nécessaire." if view.has_findings else "Non transmis."
        return _card(title, _note(said))
    rows = [(one.source, one.what, told(one.count)) for one in view.repairs]
    return _card(title, _first_rows(("Base", "Constat", "Nombre"), rows, title))


def matches(table: MatchTable) -> Markup:
    """Match rates of each base in columns, with their interval."""
    if not table.rows:
        return _card(table.caption, _note("Non transmis."))
    rows = [(label, *map(_bar, cells)) for label, cells in table.rows]
    return _card(
        table.caption,
        html.markup(
            '<div class="cx-wide" role="region" aria-label="{}" tabindex="0">{}</div>',
            table.caption,
            html.table((table.heading, *table.columns), rows, caption=table.caption),
        )
        + _signs(cell for _, cells in table.rows for cell in cells)
        + _note("Fiches reliées parmi les fiches gardées, sur 20 fiches au moins ; intervalle à 95 %."),
    )


def review(view: Croisement) -> Markup:
    """Doubtful pairs and what was decided."""
    said = html.markup("<p>{}</p>", view.review_sentence)
    if not view.review:
        return _card("Paires douteuses", said)
    rows = [
        (one.source, *map(told, (one.pairs, one.same, one.different, one.cannot_tell))) for one in view.review
    ]
    table = html.table(
        ("Base", "À trancher", "Même personne", "Personnes différentes", "Sans réponse"),
        rows,
        numeric=(1, 2, 3, 4),
        caption="Paires douteuses par base",
    )
    return _card("Paires douteuses", said + table)


def overlap_drawing(view: Croisement, *, font: int = 14, width: int = 640, rows: int = 12) -> Markup:
    """The combinations of bases, drawn."""
    if not view.overlap:
        return _note("Non transmis.")
    drawing = overlap_chart(view.overlap, _NAMES, font=font, width=width, rows=rows)
    return html.svg(drawing, _OVERLAP_ALTERNATIVE)


def overlap(view: Croisement) -> Markup:
    """What each base alone sees, drawn."""
    return _card("Ce que chaque base voit", overlap_drawing(view) + _note(words.OVERLAP_NOTE))


def overlap_table(view: Croisement) -> Markup:
    """The same in a table, whole."""
    if not view.overlap:
        return _card("Les mêmes en tableau", _note("Non transmis."))
    rows = [(one.label, told(one.persons)) for one in view.overlap]
    alone = [one for one in view.overlap if len(one.sources) == 1]
    hidden = sum(one.persons.value is None for one in view.overlap)
    note = f"{len(rows)} combinaisons, dont {len(alone)} d’une seule base"
    note += f" ; {hidden} sous le secret." if hidden else "."
    return _card(
        "Les mêmes en tableau",
        html.table(("Bases", "Personnes"), rows, numeric=(1,), caption="Personnes par combinaison de bases")
        + _note(note),
    )


def methods_drawing(view: Croisement, *, font: int = 14, width: int = 620) -> Markup:
    """What each method finds, drawn."""
    return html.svg(method_chart(view.methods, font=font, width=width), _METHOD_ALTERNATIVE)


def methods(view: Croisement) -> Markup:
    """Our matching beside the exact match that others use; without the truth, by the links made."""
    if not view.methods:
        return _card("Comparé aux autres méthodes", _note("Non transmis."))
    if any(one.recall.value is not None and not one.is_ours for one in view.methods):
        title, note = "Comparé aux autres méthodes : liens retrouvés", words.METHODS_NOTE
    else:
        title, note = "Comparé aux autres méthodes : liens faits", words.METHODS_UNJUDGED_NOTE
    rows = [
        (
            _two(one.label, one.note),
            *map(told, (one.pairs, one.precision, one.recall, one.mission_locale_recall)),
        )
        for one in view.methods
    ]
    table = html.table(
        ("Méthode", "Liens", "Justes", "Retrouvés", "Dont missions locales"),
        rows,
        numeric=(1, 2, 3, 4),
        caption="Méthodes de rapprochement comparées",
    )
    return _card(title, methods_drawing(view) + table + _note(note))


def calibration(view: Croisement) -> Markup:
    """Announced and observed, by band of weights."""
    if not view.calibration:
        return _card("Calibrage", _note("Aucune paire n’a été vérifiée."))
    rows = [
        (
            _two(one.label, "" if one.is_automatic else "non reliée sans relecture"),
            *map(told, (one.pairs, one.announced, one.observed)),
        )
        for one in view.calibration
    ]
    key = html.markup(
        '<p class="cx-key"><i class="cx-ring"></i> annoncé <i class="cx-disc"></i> observé, '
        "avec son intervalle</p>"
    )
    return _card(
        "Calibrage : annoncé et observé",
        html.svg(calibration_chart(view.calibration), _CALIBRATION_ALTERNATIVE)
        + key
        + html.table(
            ("Poids", "Paires vérifiées", "Annoncé", "Observé"),
            rows,
            numeric=(1, 2, 3),
            caption="Justesse annoncée et observée par tranche de poids",
        )
        + _note(words.CALIBRATION_NOTE),
    )


def false_dropouts(view: Croisement) -> Markup:
    """Young people counted without solution for want of a link."""
    return _counts(
        "Liens manqués, et ce qu’ils faussent",
        view.false_dropouts,
        "L’estimation n’a pas été faite.",
    )


def left_out(view: Croisement) -> Markup:
    """Persons that take part in no figure."""
    return _counts("Laissés hors des chiffres", view.left_out, "Personne n’a été laissé hors des chiffres.")


def _counts(title: str, lines: Sequence[CountLine], nothing: str) -> Markup:
    if not lines:
        return _card(title, _note(nothing))
    has_share = any(one.share.value is not None for one in lines)
    rows = [
        (
            one.label,
            told(one.persons),
            *([told(one.share) if one.share.value is not None else ""] * has_share),
        )
        for one in lines
    ]
    headers = ("Élément", "Personnes", *(("Part",) if has_share else ()))
    return _card(title, html.table(headers, rows, numeric=(1, 2), caption=title))


def told(cell: Told) -> Markup:
    """A number with its interval, or the sign and the words of its state."""
    if cell.status is not FigureStatus.VALUE:
        return html.markup(
            '<span class="cx-state">{}<span>{}</span></span>', state_sign(cell.status), cell.text
        )
    if not cell.detail:
        return html.markup("{}", cell.text)
    return html.markup('{}<span class="obs-small cx-detail">{}</span>', cell.text, cell.detail)


def _bar(cell: Told) -> Markup:
    """A share as a bar under its number; in a table of many, a state is its sign, whose words are spoken."""
    if cell.value is None:
        return html.markup(
            '{}<span class="obs-visually-hidden">{}</span>', state_sign(cell.status), cell.text
        )
    width = f"{min(max(cell.value, 0), 1) * 100:.1f}"
    return html.markup(
        '<span class="cx-share">{}<i class="cx-track"><i style="width:{}%"></i></i></span>', told(cell), width
    )


def _signs(cells: Iterable[Told]) -> Markup:
    """The words of the signs that a table holds."""
    states = {cell.status: cell.text for cell in cells if cell.status is not FigureStatus.VALUE}
    signs = html.join(
        html.markup('<span class="cx-state">{}<span>{}</span></span>', state_sign(status), text)
        for status, text in states.items()
    )
    return html.markup('<p class="cx-signs">{}</p>', signs) if states else Markup("")


def _first_rows(headers: Sequence[str], rows: Sequence[Sequence[object]], caption: str) -> Markup:
    """A table whose first rows are shown, the rarest ones on demand."""
    first, others = rows[:_FIRST], rows[_FIRST:]
    shown = html.table(headers, first, numeric=(2,), caption=caption)
    if not others:
        return shown
    return shown + html.markup(
        "<details><summary>{} autres, moins fréquents</summary>{}</details>",
        str(len(others)),
        html.table(headers, others, numeric=(2,), caption=f"{caption} : la suite"),
    )


def _two(first: str, second: str) -> Markup:
    if not second:
        return html.markup("{}", first)
    return html.markup('{}<span class="obs-small cx-under">{}</span>', first, second)


def _card(title: str, content: Markup) -> Markup:
    return html.markup('<section class="obs-card"><h2>{}</h2>{}</section>', title, content)


def _note(text: str) -> Markup:
    return html.markup('<p class="obs-small cx-note">{}</p>', text)
