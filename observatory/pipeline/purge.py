"""Step ``purge``: the working file and everything nominative beside it are destroyed, and it is shown."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from observatory.config import Settings, current_linkage_settings
from observatory.errors import UserFacingError
from observatory.linkage.purge import PurgeCertificate, purge
from observatory.pipeline.findings import StepNote

STEP = "purge"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is destroyed by accident: ``--yes`` is asked for."""
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--everything", action="store_true")


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001
    """Destroy, prove, tell what no program can destroy."""
    working_dir = current_linkage_settings().working_dir
    if not options.yes:
        raise UserFacingError("purge_not_confirmed", path=str(working_dir))
    certificate = purge(working_dir, everything=options.everything)
    if certificate is None:
        return (StepNote("purge_nothing", {"path": str(working_dir)}),)
    return tuple(_notes(certificate))


def _notes(certificate: PurgeCertificate) -> Iterator[StepNote]:
    if certificate.is_resumed:
        yield StepNote("purge_resumed")
    yield StepNote(
        "purge_done",
        {"files": str(len(certificate.destroyed)), "rows": str(sum(certificate.rows.values()))},
    )
    if certificate.markers:
        params = {"scanned": str(certificate.scanned), "markers": str(certificate.markers)}
        yield StepNote("purge_scanned", params)
    else:
        yield StepNote("purge_not_scanned", {"scanned": str(certificate.scanned)})
    yield StepNote("purge_limits")
