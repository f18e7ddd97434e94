"""``python -m observatory.pipeline <step>``: one step, one French sentence when it cannot be done.

Each step is a module with ``add_arguments(parser)`` and ``run_step(args, settings)``, imported only when it
is asked for: it gives what the person must still be told (:class:`StepNote`), or raises. Exit code 0:
done, 1: refused, 2: the command was not understood.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from observatory.config import Settings, current_settings
from observatory.errors import FileContractError, UserFacingError
from observatory.french import commands
from observatory.french.errors import describe_error, describe_problems
from observatory.pipeline.findings import StepNote

STEP_MODULES = {
    "territory": "observatory.pipeline.territory",
    "context": "observatory.pipeline.context",
    "build": "observatory.pipeline.build",
    "risk": "observatory.pipeline.risk_export",
    "demonstration": "observatory.pipeline.demonstration",
    "synthetic": "observatory.pipeline.synthetic",
    "empty-demonstration": "observatory.pipeline.empty_demonstration",
    "extracts": "observatory.pipeline.extracts",
    "link": "observatory.pipeline.link",
    "review": "observatory.pipeline.review",
    "list": "observatory.pipeline.contact_list",
    "purge": "observatory.pipeline.purge",
    "consolidate": "observatory.pipeline.consolidate",
    "publish": "observatory.pipeline.publish",
    "attack": "observatory.pipeline.attack",
    "campaign-demonstration": "observatory.pipeline.campaign_demonstration",
}


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Run one step; returns the exit code. Faults of the program itself keep their trace."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        print(commands.overview())
        return 0 if words else 2
    step, *rest = words
    if step not in STEP_MODULES:
        print(commands.unknown_step(step), file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(STEP_MODULES[step])
    except ModuleNotFoundError as error:
        return _say_missing_tool(error)
    parser = _FrenchParser(prog=f"{commands.PROGRAM} {step}", description=commands.STEPS[step])
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    try:
        notes: tuple[StepNote, ...] = module.run_step(options, settings or current_settings())
    except UserFacingError as error:
        print(describe_error(error), file=sys.stderr)
        for line in describe_problems(error.problems) if isinstance(error, FileContractError) else ():
            print(line, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        return _say_missing_tool(error)
    except KeyboardInterrupt:
        print(commands.INTERRUPTED, file=sys.stderr)
        return 130
    for note in notes:
        print(commands.describe_note(note.code, note.params))
    print(commands.DONE.format(step=step))
    return 0


LINKAGE_TOOLS = frozenset({"duckdb", "pyarrow", "pyrage", "scipy", "splink", "tqdm"})
"""Libraries of ``requirements-croisement.txt``: an application that only shows figures does not have them."""


def _say_missing_tool(error: ModuleNotFoundError) -> int:
    """One sentence when a library of the cross-matching is not installed; anything else keeps its trace."""
    if (error.name or "").split(".")[0] not in LINKAGE_TOOLS:
        raise error
    print(commands.LINKAGE_TOOL_MISSING.format(name=error.name), file=sys.stderr)
    return 1


class _FrenchFormatter(argparse.HelpFormatter):
    """Help with French titles."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, commands.USAGE if prefix is None else prefix)


class _FrenchParser(argparse.ArgumentParser):
    """A parser whose help and complaints are in French, whatever its step wrote."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, formatter_class=_FrenchFormatter, add_help=False)
        self._optionals.title = commands.OPTIONS_TITLE
        self.add_argument("-h", "--help", action="help", help=commands.OPTIONS["help"])

    def format_help(self) -> str:
        for action in self._actions:
            action.help = commands.OPTIONS.get(action.dest, action.help)
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{commands.translate_usage_error(message)}\n")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that lacks a character of ours shows another one rather than a trace.
            stream.reconfigure(errors="replace")
    sys.exit(main())
