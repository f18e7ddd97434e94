"""The funnel plot: basins by size and share, with the limits that chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from observatory.french import comparing, numbers
from observatory.geo import palette
from observatory.ui import html
from observatory.ui.html import markup
from observatory.ui.plotly_chart import plain, show_figure
from observatory.views.funnel import Funnel, FunnelCurve, FunnelPoint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_FILLS = ("#f1eee6", "#e3ded2")


def show_funnel(funnel: Funnel, *, height: int = 440, font: int = 14) -> None:
    """The plot, or the sentence that says why there is none."""
    if funnel.reason:
        html.show(markup('<p class="obs-lead cmp-impossible">{}</p>', funnel.reason))
        return
    import plotly.graph_objects as go

    figure = go.Figure()
    for curve, fill in zip(funnel.curves, _FILLS, strict=True):
        _add_limits(figure, curve, fill)
    if funnel.phi > 1:
        _add_chance(figure, funnel.curves[0])
    last = funnel.curves[0].n[-1]
    assert funnel.reference is not None
    figure.add_shape(
        type="line",
        x0=funnel.curves[0].n[0],
        x1=last,
        y0=funnel.reference * 100,
        y1=funnel.reference * 100,
        line={"color": palette.SECONDARY, "width": 1.5, "dash": "dash"},
    )
    _label(figure, last, funnel.reference, f"région {funnel.reference_text}", font)
    for curve in funnel.curves:
        _label(figure, last, curve.upper[-1], curve.level, font)
    others = [p for p in funnel.points if not p.is_chosen]
    chosen = [p for p in funnel.points if p.is_chosen]
    _add_points(figure, others, "#7b8494", font * 0.6)
    _add_points(figure, chosen, palette.SELECTION, font * 0.95)
    for i, p in enumerate(chosen):
        figure.add_annotation(
            x=p.denominator,
            y=p.value * 100,
            text=f"<b>{plain(p.label)}</b>",
            font={"color": palette.SELECTION, "size": font + 1},
            bgcolor="rgba(255,255,255,0.78)",
            showarrow=False,
            yshift=font * (1.25 if i % 2 == 0 or p.value >= (funnel.reference or 0) else -1.25),
        )
    figure.update_xaxes(
        title={"text": _axis(funnel.denominator_label), "standoff": font}, tickformat=",d", nticks=6
    )
    figure.update_yaxes(ticksuffix=f"{numbers.NNBSP}%", nticks=7)
    figure.update_layout(margin={"l": font * 4, "r": font * 7, "t": font, "b": font * 4})
    show_figure(
        figure,
        key="comparer_funnel",
        alternative=f"{comparing.FUNNEL_TITLE}, {funnel.title}. {funnel.note}",
        height=height,
        font=font,
    )


def funnel_table(funnel: Funnel) -> Markup:
    """The table twin of the plot, the highest share first."""
    rows = [
        (
            p.label + (" (choisi)" if p.is_chosen else ""),
            p.text,
            numbers.format_number(p.denominator),
            "hors des limites" if p.is_outside else "dans les limites",
        )
        for p in funnel.points
    ]
    return html.table(
        ("Bassin", "Part", "Effectif", f"Limites à 99,8{numbers.NNBSP}%"),
        rows,
        numeric=(1, 2),
        caption=f"{comparing.FUNNEL_TITLE}, {funnel.title}",
    )


def _axis(label: str) -> str:
    return plain(f"Effectif : {label[:1].lower()}{label[1:]}")


def _add_limits(figure: Figure, curve: FunnelCurve, fill: str) -> None:
    x = [*curve.n, *reversed(curve.n)]
    y = [v * 100 for v in (*curve.upper, *reversed(curve.lower))]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=fill, hoverinfo="skip"
    )


def _add_chance(figure: Figure, curve: FunnelCurve) -> None:
    for bound in (curve.chance_lower, curve.chance_upper):
        figure.add_scatter(
            x=list(curve.n),
            y=[v * 100 for v in bound],
            mode="lines",
            line={"color": "#9aa2af", "width": 1.2, "dash": "dot"},
            hoverinfo="skip",
        )


def _add_points(figure: Figure, points: list[FunnelPoint], colour: str, size: float) -> None:
    figure.add_scatter(
        x=[p.denominator for p in points],
        y=[p.value * 100 for p in points],
        mode="markers",
        marker={"color": colour, "size": size, "line": {"color": "#ffffff", "width": 1}},
        hovertext=[
            f"<b>{plain(p.label)}</b><br>{p.text}, effectif {numbers.format_number(p.denominator)}"
            + ("<br>hors des limites" if p.is_outside else "")
            for p in points
        ],
        hoverinfo="text",
    )


def _label(figure: Figure, x: float, y: float, text: str, font: int) -> None:
    figure.add_annotation(
        x=x,
        y=y * 100,
        text=plain(text),
        xanchor="left",
        xshift=4,
        showarrow=False,
        font={"size": font, "color": palette.SECONDARY},
    )
