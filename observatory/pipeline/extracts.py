"""Step ``extracts``: the five extracts of a campaign become the canonical tables of the working file."""

from __future__ import annotations

import argparse
from pathlib import Path

from observatory.config import Settings, current_linkage_settings
from observatory.domain.campaign import Source
from observatory.pipeline.findings import StepNote

STEP = "extracts"


def _share(text: str) -> float:
    share = float(text.replace(",", "."))
    if not 0 <= share < 1:
        raise ValueError(text)
    return share


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the extracts are, and what is accepted of them."""
    parser.add_argument("--from", dest="from_dir", type=Path, required=True)
    parser.add_argument("--mapping", dest="mapping_dir", type=Path)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--accept-refused", dest="accept_refused", type=_share)
    parser.add_argument("--without", action="append", default=[], choices=[source.value for source in Source])


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Load everything or nothing; the notes count what was repaired, emptied and refused, never a value."""
    from observatory.linkage.extracts import ACCEPTED_SHARE, load_extracts, raise_problems, read_known_places
    from observatory.linkage.mappings import load_mappings
    from observatory.linkage.runs import now, record_run
    from observatory.pipeline.report import write_extract_reports

    started_at = now()
    working_dir = current_linkage_settings().working_dir
    mappings = load_mappings(options.mapping_dir or settings.data_dir / "mappings")
    share = ACCEPTED_SHARE if options.accept_refused is None else options.accept_refused
    without = [Source(value) for value in options.without]
    outcome = load_extracts(
        options.from_dir,
        mappings,
        read_known_places(settings.data_dir),
        working_dir,
        without=without,
        accepted_share=share,
    )
    notes = []
    if options.report:
        folder = write_extract_reports(outcome, working_dir)
        notes.append(StepNote("extract_report", {"path": str(folder)}))
    raise_problems(outcome)
    record_run(
        working_dir,
        STEP,
        inputs={
            **{one.file: one.sha256 for one in outcome.files},
            **{one.mapping.name: one.mapping.sha256 for one in outcome.files},
        },
        counts={
            one.file: {
                "source": one.source.value,
                "mapping": one.mapping.name,
                "encoding": one.encoding,
                "rows_in": one.rows_in,
                "rows_out": one.rows_out,
                "rows_refused": one.refused_rows,
                "findings": [
                    {"kind": kind, "reason": reason, "field": name, "count": count}
                    for (kind, reason, name), count in sorted(one.findings.items())
                    if count
                ],
            }
            for one in outcome.files
        },
        started_at=started_at,
        extra={"content_sha256": outcome.hashes, "accepted_share": share, "without": options.without},
    )
    for source in without:
        notes.append(StepNote("extract_without", {"source": source.value}))
    for one in outcome.files:
        rows = {"rows_in": str(one.rows_in), "rows_out": str(one.rows_out)}
        notes.append(StepNote("extract_loaded", {"file": one.file, "label": one.label, **rows}))
        for (kind, reason, name), count in sorted(one.findings.items()):
            if count:
                column = one.mapping.columns[name].headings[0] if name in one.mapping.columns else name
                params = {"file": one.file, "column": column or "*", "count": str(count)}
                notes.append(StepNote(f"extract_{kind}_{reason}", params))
    return tuple(notes)
