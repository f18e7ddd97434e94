"""One-page PDF of the sheet of a basin, and all the basins in one ZIP.

Typst sets the page from the same view-model and the same drawings as the screen; texts travel as JSON, so
that nothing that comes from a file can be read as markup.
"""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from observatory.export import svg_charts, svg_map
from observatory.export.typesetting import typeset
from observatory.french import numbers
from observatory.french.cooperation import PARTNER_SHORT_LABELS
from observatory.geo.palette import Fill
from observatory.views.fiche import Fiche
from observatory.views.report_map import MapArea

_TEMPLATE = Path(__file__).with_name("fiche.typ")


def fiche_pdf(fiche: Fiche, basins_file: Path, base_file: Path, fonts_dir: Path, edited_on: date) -> bytes:
    """The sheet as a PDF of one page A4, with real text, vector drawings and tags for screen readers.

    The same sheet and date give the same bytes.
    """
    content = json.dumps(_content(fiche, basins_file, base_file, edited_on), ensure_ascii=False)
    return typeset(_TEMPLATE, {"fiche": content}, fonts_dir, "pdf", timestamp=_noon(edited_on))


def fiches_zip(
    fiches: Iterable[Fiche], basins_file: Path, base_file: Path, fonts_dir: Path, edited_on: date
) -> bytes:
    """One PDF per basin in a ZIP, named ``AM13-avignon.pdf``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for fiche in fiches:
            entry = zipfile.ZipInfo(
                file_name(fiche), date_time=(edited_on.year, edited_on.month, edited_on.day, 12, 0, 0)
            )
            archive.writestr(entry, fiche_pdf(fiche, basins_file, base_file, fonts_dir, edited_on))
    return out.getvalue()


def file_name(fiche: Fiche) -> str:
    """File name of a sheet, safe everywhere.

    ``Étang de Berre`` (AM09) gives ``AM09-etang-de-berre.pdf``.
    """
    plain = unicodedata.normalize("NFKD", fiche.title).encode("ascii", "ignore").decode().lower()
    slug = "-".join("".join(c if c.isalnum() else " " for c in plain).split())
    return f"{fiche.basin_code}-{slug}.pdf"


def _content(fiche: Fiche, basins_file: Path, base_file: Path, edited_on: date) -> dict[str, object]:
    # The locator: every basin in a quiet colour, this one selected.
    quiet = {code: MapArea(Fill("#e4ded2"), "") for code in svg_map.basin_codes(basins_file)}
    has_matrix = any(level is not None for row in fiche.levels for level in row)
    return {
        "title": fiche.title,
        "banner": _plain(fiche.banner),
        "identity": fiche.identity,
        "limits": fiche.limits,
        "headline": fiche.headline,
        "headline_text": fiche.headline_text,
        "headline_doubt": fiche.headline_doubt,
        "lead": list(fiche.lead),
        "map": svg_map.draw_thumbnail(
            quiet, basins_file, base_file, width=460, height=400, selected=fiche.basin_code, labels=False
        ),
        "map_words": f"Carte de situation : {fiche.title} dans la région",
        "figures": [
            {
                "label": f.label,
                "year": f.year,
                "doubt": f.doubt,
                "value": f.value,
                "academie": f.academie,
                "region": f.region,
                "position": f.position,
                "verdict": f"{f.sign} {f.verdict}".strip(),
                "strip": ""
                if f.mark is None
                else svg_charts.strip_chart(
                    f.others, [f.mark], interval=f.interval, reference=f.reference, width=290, height=20
                ),
            }
            for f in fiche.figures
        ],
        "trend": svg_charts.trend_chart(fiche.trend, width=420, height=140),
        "trend_words": ", ".join(f"{p.year} : {p.text}" for p in fiche.trend if p.text),
        "trend_note": fiche.trend_note,
        "contributions": svg_charts.contribution_chart(fiche.contributions) if fiche.contributions else "",
        "contributions_words": ", ".join(f"{label} {text}" for label, _, text in fiche.contributions),
        "context_note": fiche.context_note,
        "comparable_title": fiche.comparable_title,
        "comparable_note": fiche.comparable_note,
        "comparable": [list(pair) for pair in fiche.comparable],
        "services": [{"kind": s.kind, "count": s.count} for s in fiche.services],
        "access": fiche.access,
        "funnel": fiche.funnel,
        "matrix": svg_charts.matrix_chart(PARTNER_SHORT_LABELS, fiche.levels, fiche.gaps)
        if has_matrix
        else "",
        "matrix_words": (
            f"Niveaux déclarés de 0 (aucun lien) à 5 (agissent d’un seul tenant), renseignés à "
            f"{numbers.format_share(fiche.cooperation.completeness)} ; cadre : sujet pour la réunion."
            if has_matrix
            else "Inventaire non commencé : aucun enregistrement."
        ),
        "sources_line": f"Sources : {' ; '.join(fiche.sources)}.",
        "edited": f"Édité le {numbers.format_date(edited_on)}",
    }


def _plain(text: str) -> str:
    """Without the marks of bold that the screen understands."""
    return text.replace("**", "")


def _noon(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
