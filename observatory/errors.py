"""Errors that a person can act on.

Every error raised on purpose descends from :class:`ObservatoryError`. Those that reach a person are
:class:`UserFacingError`: they carry a ``code`` and ``params`` and no sentence; ``french.errors`` turns
them into one. Problems found in a file are collected in one :class:`FileContractError`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class ObservatoryError(Exception):
    """Root of the errors of the observatory."""


class UserFacingError(ObservatoryError):
    """An error to be shown in one French sentence: a stable ``code`` and what the sentence needs.

    >>> UserFacingError("port_in_use", port=8501).params["port"]
    8501
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


class ConfigurationError(UserFacingError):
    """A setting that cannot be used; ``params["key"]`` names the environment variable."""


class StoreError(UserFacingError):
    """The database is locked, read-only, damaged, unreachable or of another schema."""


class DataFileError(UserFacingError):
    """A file of ``data/`` is missing or damaged; ``params["path"]`` names it."""


@dataclass(frozen=True)
class FileProblem:
    """One problem of one file: where it is, what was read, what to do.

    ``row`` is the line number as Excel shows it (1 = header); ``code`` and ``params`` are turned into
    a sentence and a remedy by ``french.errors``.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    params: dict[str, str] = field(default_factory=dict)


class FileContractError(UserFacingError):
    """All the problems of the files of one import, raised once; nothing was changed.

    ``code`` is ``computed_contract`` when the files at fault are those that the import was about to write.
    """

    def __init__(self, problems: list[FileProblem], code: str = "file_contract") -> None:
        super().__init__(code, count=len(problems))
        self.problems = tuple(problems)
