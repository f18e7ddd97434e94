"""Step ``link``: who is who in the five databases, from the working file to ``links.parquet``.

All or nothing: a run that is killed leaves the previous links, and the same extracts, seed and method always
give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.config import Settings, current_linkage_settings
from observatory.errors import UserFacingError
from observatory.pipeline.findings import StepNote

if TYPE_CHECKING:
    from observatory.linkage.linking import LinkReport, Stage

STEP = "link"
STAGES = {
    "splink": ("standardise", "ine", "train", "score", "remainder", "write", "quality"),
    "cascade": ("standardise", "ine", "cascade", "remainder", "write", "quality"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How records are matched, and with which model."""
    parser.add_argument("--method", choices=tuple(STAGES), default="splink")
    parser.add_argument("--model", dest="frozen_model", type=Path)
    parser.add_argument("--seed", type=int, default=1)


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001
    """Link, note what was done in the manifest, tell the counts by source."""
    from observatory.linkage.decisions import DECISIONS_FILE
    from observatory.linkage.linking import CANDIDATES_FILE, Method, link_records
    from observatory.linkage.quality import QUALITY_FILE, measure_quality, write_quality
    from observatory.linkage.runs import file_sha256, now, record_run
    from observatory.linkage.working_file import LINKS_FILE, MODEL_FILE

    if options.seed < 0:
        raise UserFacingError("synthetic_seed", value=options.seed)
    method = Method(options.method)
    if options.frozen_model and method is not Method.SPLINK:
        raise UserFacingError("model_for_cascade")
    working_dir = current_linkage_settings().working_dir
    started_at = now()
    inputs = {f"{source}": sha256 for source, sha256 in _contents(working_dir).items()}
    if options.frozen_model and options.frozen_model.is_file():
        inputs["model"] = file_sha256(options.frozen_model)
    if (working_dir / DECISIONS_FILE).is_file():
        inputs[DECISIONS_FILE] = file_sha256(working_dir / DECISIONS_FILE)
    with _bar(options.method, is_trained=options.frozen_model is None) as stage:
        report = link_records(
            working_dir, method=method, seed=options.seed, frozen_model=options.frozen_model, stage=stage
        )
        with stage("quality"):
            write_quality(working_dir, measure_quality(working_dir, seed=options.seed))
    made = [LINKS_FILE, QUALITY_FILE, *((CANDIDATES_FILE, MODEL_FILE) if method is Method.SPLINK else ())]
    record_run(
        working_dir,
        STEP,
        inputs=inputs,
        counts={
            "records": report.record_count,
            "persons": report.persons,
            "double_files": report.double_files,
            "statuses": report.statuses,
            "reasons": report.reasons,
            "rules": report.rules,
            "decisions": {"current": report.decisions.current, "stale": report.decisions.stale},
        },
        seed=options.seed,
        started_at=started_at,
        extra={
            "method": method.value,
            "is_model_reused": report.is_model_reused,
            "sha256": {name: file_sha256(working_dir / name) for name in made},
        },
    )
    return tuple(_notes(report))


def _contents(working_dir: Path) -> dict[str, str]:
    """The hash of each canonical table: what ``extracts`` noted, else counted again."""
    from observatory.domain.campaign import Source
    from observatory.linkage.runs import read_manifest
    from observatory.linkage.working_file import content_hash, open_working_file

    noted = read_manifest(working_dir).get("extracts", {}).get("extra", {}).get("content_sha256")
    with open_working_file(working_dir) as connection:
        if isinstance(noted, dict) and set(noted) == {source.value for source in Source}:
            return {str(source): str(sha256) for source, sha256 in noted.items()}
        return {source.value: content_hash(connection, source.value) for source in Source}


@contextmanager
def _bar(method: str, *, is_trained: bool) -> Iterator[Stage]:
    """A progress bar of the stages on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    stages = [name for name in STAGES[method] if is_trained or name != "train"]
    with tqdm(desc=STEP, total=len(stages), unit=" étape", disable=None) as bar:

        @contextmanager
        def stage(name: str) -> Iterator[None]:
            bar.set_postfix_str(name)
            yield
            bar.update()

        yield stage


def _notes(report: LinkReport) -> Iterator[StepNote]:
    for source, statuses in report.statuses.items():
        counts = {name: statuses.get(name, 0) for name in ("linked", "review", "unlinked")}
        yield StepNote(
            f"link_{source}",
            {
                "count": str(sum(counts.values())),
                **{name: str(count) for name, count in counts.items()},
            },
        )
    yield StepNote("link_persons", {"persons": str(report.persons), "records": str(report.record_count)})
    doubtful = sum(statuses.get("review", 0) for statuses in report.statuses.values())
    if doubtful:
        yield StepNote("link_review", {"count": str(doubtful)})
