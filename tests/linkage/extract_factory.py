"""Small extracts made by hand, in the layout of SIECLE, with empty ones for the other sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.config import PROJECT_ROOT
from observatory.domain.campaign import Source
from observatory.linkage.extract_checks import KnownPlaces
from observatory.linkage.extracts import Outcome, load_extracts
from observatory.linkage.mappings import ExtractMapping, load_mappings
from observatory.linkage.working_file import open_working_file

MAPPINGS_DIR = PROJECT_ROOT / "data" / "mappings"
OTHERS = tuple(source for source in Source if source is not Source.PUPILS)
KNOWN = KnownPlaces(frozenset({"04001", "04112", "13201", "13001", "06088", "04033"}), {"04198": "04033"})
HEADER = (
    "ELENOET",
    "ID_NATIONAL",
    "NOM",
    "NOM_USAGE",
    "PRENOM",
    "PRENOM2",
    "PRENOM3",
    "CODE_SEXE",
    "DATE_NAISS",
    "CODE_COMMUNE_INSEE_NAISS",
    "CODE_COMMUNE_INSEE",
    "CODE_RNE",
    "CODE_NIVEAU",
    "DATE_ENTREE",
    "DATE_SORTIE",
    "CODE_MOTIF_SORTIE",
    "CODE_RNE_ACTUEL",
    "CODE_DIPLOME",
)
GIVEN = ("Zoélie", "Tibaud", "Maëlisse", "Ornélia", "Kadoric", "Sélénie")
FAMILY = ("DUPÉRAC", "TROVANEL", "LE GUERNOZ", "D'ASTREVIL", "BELMOUKI", "FONTARÈDE")
"""Syllables put together: nobody's names, and none of them a word of ours."""


def pupil(number: int, **changes: str) -> list[str]:
    """One sound row, with some cells changed by heading."""
    cells = {
        "ELENOET": f"P{number:06d}",
        "ID_NATIONAL": f"{number:010d}K",
        "NOM": FAMILY[number % 6],
        "NOM_USAGE": "",
        "PRENOM": GIVEN[(number // 6) % 6],
        "PRENOM2": "",
        "PRENOM3": "",
        "CODE_SEXE": "12"[number % 2],
        "DATE_NAISS": f"{1 + number % 28:02d}/{1 + number % 12:02d}/{2004 + number % 6}",
        "CODE_COMMUNE_INSEE_NAISS": "99352",
        "CODE_COMMUNE_INSEE": "13201",
        "CODE_RNE": "0040002F",
        "CODE_NIVEAU": "LP",
        "DATE_ENTREE": "01/09/2025",
        "DATE_SORTIE": "",
        "CODE_MOTIF_SORTIE": "",
        "CODE_RNE_ACTUEL": "0040002F",
        "CODE_DIPLOME": "00",
    }
    return list((cells | changes).values())


def pupils(count: int = 40) -> list[list[str]]:
    """Sound rows."""
    return [pupil(number) for number in range(count)]


def csv_text(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, separator: str = ";") -> str:
    """The rows as a French Excel saves them."""
    made = io.StringIO()
    csv.writer(made, delimiter=separator, lineterminator="\r\n").writerows([header, *rows])
    return made.getvalue()


class Bench:
    """A directory of extracts, a working directory, and the step between the two."""

    def __init__(self, root: Path) -> None:
        self.extracts, self.working_dir = root / "extraits", root / "croisement"
        self.extracts.mkdir()
        self.mappings: tuple[ExtractMapping, ...] = load_mappings(MAPPINGS_DIR)

    def write(self, text: str | bytes, name: str = "base_eleves_a.csv", encoding: str = "cp1252") -> Path:
        """A file of the directory."""
        path = self.extracts / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    def load(self, **options: object) -> Outcome:
        """What the step finds; the other sources sent nothing."""
        return load_extracts(
            self.extracts,
            self.mappings,
            KNOWN,
            self.working_dir,
            without=OTHERS,
            **options,  # type: ignore[arg-type]
        )

    def load_rows(self, rows: Sequence[Sequence[str]], **options: object) -> Outcome:
        """The same, of these rows."""
        self.write(csv_text(rows))
        return self.load(**options)

    def table(self, source: Source = Source.PUPILS) -> list[dict[str, object]]:
        """The canonical rows."""
        with open_working_file(self.working_dir) as connection:
            rows = connection.execute(f"FROM {source.value}")
            names = [column[0] for column in rows.description]
            return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def codes(self, outcome: Outcome) -> list[str]:
        """The codes of the problems."""
        return [problem.code for problem in outcome.problems]


def findings(outcome: Outcome) -> Mapping[tuple[str, str, str], int]:
    """What was found in the only file."""
    return {key: count for key, count in outcome.files[0].findings.items() if count}
