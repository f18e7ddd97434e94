"""Official basins from the ministry's directory of schools (`fr-en-annuaire-education`).

The directory gives each school a `code_bassin_formation`, empty for part of them. A commune takes the basin
of the majority of its schools; one without any takes that of the nearest school of its département. What
is not unanimous is listed. Local codes (``AM..``, ``NI..``) are kept where an official basin is, for at
least half of the population on both sides, the basin that bore the code: figures and links stay comparable.

Reading is strict and complete: every problem is collected, and nothing is computed while one is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from observatory.domain.codes import heading_key, is_valid_uai
from observatory.domain.territory import (
    ACADEMIE_DEPARTEMENTS,
    MARSEILLE_ARRONDISSEMENTS,
    MARSEILLE_CODE,
)
from observatory.pipeline.findings import Findings, ProblemCode, Repair
from observatory.pipeline.producer_files import parse_number
from observatory.pipeline.sheets import HEADER_SEARCH_ROWS, Row, UnreadableSheetError, read_sheets

OFFICIAL_MAJORITY = "official_majority"
NEAREST_SCHOOL = "nearest_school"
OFFICIAL_RELIABILITY = "official"

NEAR_KM = 10.0
"""A commune without a school whose nearest one is within this distance is attached with medium confidence."""

SHORT_LABEL_LENGTH = 14

_UAI, _COMMUNE, _CODE, _LABEL, _LATITUDE, _LONGITUDE = (
    "Identifiant_de_l_etablissement",
    "Code_commune",
    "code_bassin_formation",
    "libelle_bassin_formation",
    "latitude",
    "longitude",
)
_HEADINGS = (_UAI, _COMMUNE, _CODE, _LABEL, _LATITUDE, _LONGITUDE)
_POSTCODE = "Code_postal"
_RANGES = {_LATITUDE: (42.5, 45.5), _LONGITUDE: (4.0, 8.0)}
_PREFIXES = {"Aix-Marseille": "AM", "Nice": "NI"}
_LINKS = frozenset({"sur", "en", "les", "lès", "de", "du", "la", "le", "et"})
_EARTH_KM = 6371.0


@dataclass(frozen=True)
class School:
    """One school of the directory; ``point`` is (longitude, latitude), ``None`` when it is not given."""

    uai: str
    commune_code: str
    official_code: str
    official_label: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class OfficialBasins:
    """Rows that replace `basins.csv` and `communes.csv`, the table from official to local codes, and what a
    person should look at: split votes, ties, labels told in two ways, local codes no longer in use."""

    basins: tuple[dict[str, str], ...]
    communes: tuple[dict[str, str], ...]
    mapping: tuple[dict[str, str], ...]
    conflicts: tuple[dict[str, str], ...]
    repairs: tuple[Repair, ...] = ()


def official_basins(
    path: Path,
    basins: Sequence[Mapping[str, str]],
    communes: Sequence[Mapping[str, str]],
    centres: Mapping[str, tuple[float, float]],
    retired: Mapping[str, str],
    accepted: frozenset[str] = frozenset(),
) -> OfficialBasins:
    """The tables rebuilt from the export at ``path``.

    ``basins`` and ``communes`` are the rows in use, ``centres`` a point (longitude, latitude) by commune,
    ``retired`` the commune that replaced an old code, ``accepted`` the warnings accepted by name.
    Raises :class:`FileContractError` with every problem of the file.
    """
    findings = Findings(accepted)
    schools = read_schools(path, frozenset(row["commune_code"] for row in communes), retired, findings)
    located = {school.commune_code[:2] for school in schools if school.official_code}
    if schools:
        for departement in sorted({row["departement_code"] for row in communes} - located):
            # Not to be accepted: its communes would be left without a basin.
            findings.accepted = findings.accepted - {ProblemCode.DEPARTEMENT_MISSING}
            findings.report(path.name, ProblemCode.DEPARTEMENT_MISSING, None, _CODE, departement)
    findings.raise_if_any()
    return replace(rebuild(schools, basins, communes, centres), repairs=findings.repairs())


def read_schools(
    path: Path, communes: frozenset[str], retired: Mapping[str, str], findings: Findings
) -> tuple[School, ...]:
    """Schools of the territory in the order of the file; problems go to ``findings``.

    Schools elsewhere in France are passed over. Headings are found whatever their case and accents, the
    separator and the encoding are recognised.
    """
    known = {heading_key(heading) for heading in _HEADINGS}

    def count_known(cells: tuple[str, ...]) -> int:
        return len({heading_key(cell) for cell in cells} & known)

    if not path.is_file():
        findings.report(path.name, ProblemCode.FILE_MISSING, expected=path.name)
        return ()
    try:
        sheets = read_sheets(path, count_known)
    except UnreadableSheetError as failure:
        findings.report(path.name, ProblemCode(failure.code), failure.row)
        return ()
    candidates = [
        (count_known(cells), -index, sheet.rows[index:])
        for sheet in sheets
        for index, (_, cells) in enumerate(sheet.rows[:HEADER_SEARCH_ROWS])
    ]
    count, _, rows = max(candidates, key=lambda found: found[:2], default=(0, 0, ()))
    if 2 * count < len(_HEADINGS):
        findings.report(path.name, ProblemCode.WRONG_FILE, expected="fr-en-annuaire-education", recognised="")
        return ()
    reader = _SchoolReader(path.name, rows[0], communes, retired, findings)
    if not reader.is_complete:
        return ()
    for number, cells in rows[1:]:
        reader.read(number, cells)
    return reader.finish()


def rebuild(
    schools: Sequence[School],
    basins: Sequence[Mapping[str, str]],
    communes: Sequence[Mapping[str, str]],
    centres: Mapping[str, tuple[float, float]],
) -> OfficialBasins:
    """Official basins of the communes from ``schools`` (at least one with a basin by département)."""
    conflicts: list[dict[str, str]] = []
    labels = {row["commune_code"]: row["commune_label"] for row in communes}
    voters = _voters(schools, conflicts, labels)
    attached = []
    for row in communes:
        code = row["commune_code"]
        votes = Counter(school.official_code for school in voters if school.commune_code == code)
        nearest, distance = _nearest(code, voters, centres)
        if votes:
            official, confidence = _majority(code, labels[code], votes, voters, conflicts)
            method = OFFICIAL_MAJORITY
        else:
            official, method = nearest, NEAREST_SCHOOL
            confidence = "medium" if distance <= NEAR_KM else "low"
        attached.append(
            {
                **row,
                "basin_code": official,
                "method": method,
                "confidence": confidence,
                "school_count": str(sum(votes.values())),
                "nearest_school_basin_code": nearest,
                "nearest_school_km": f"{distance:.1f}",
            }
        )
    official_labels = _official_labels(voters, conflicts)
    mapping = _map_codes(attached, communes, basins, official_labels)
    local = {row["official_code"]: row["basin_code"] for row in mapping}
    for row in attached:
        row["basin_code"] = local[row["basin_code"]]
        row["nearest_school_basin_code"] = local.get(row["nearest_school_basin_code"], "")
    for retired_basin in sorted({row["basin_code"] for row in basins} - set(local.values())):
        conflicts.append(_conflict("", "", "retired_basin", "", retired_basin))
    return OfficialBasins(
        basins=tuple(_basin_rows(mapping, attached, basins)),
        communes=tuple(sorted(attached, key=lambda row: row["commune_code"])),
        mapping=tuple(mapping),
        conflicts=tuple(sorted(conflicts, key=lambda row: (row["kind"], row["commune_code"], row["found"]))),
    )


class _SchoolReader:
    """Rows of the export, one at a time: schools on one side, problems on the other."""

    def __init__(
        self,
        file: str,
        header: Row,
        communes: frozenset[str],
        retired: Mapping[str, str],
        findings: Findings,
    ) -> None:
        self.file, self.communes, self.retired, self.findings = file, communes, retired, findings
        self.departements = {code[:2] for code in communes}
        keys = [heading_key(cell) for cell in header[1]]
        self.width = len(header[1])
        self.position = {h: keys.index(heading_key(h)) for h in _HEADINGS if heading_key(h) in keys}
        if heading_key(_POSTCODE) in keys:
            self.position[_POSTCODE] = keys.index(heading_key(_POSTCODE))
        self.is_complete = True
        for heading in _HEADINGS:
            times = keys.count(heading_key(heading))
            if times != 1:
                code = ProblemCode.COLUMN_TWICE if times else ProblemCode.COLUMN_MISSING
                findings.report(file, code, header[0], heading)
                self.is_complete = False
        self.schools: dict[str, School] = {}
        self.rows: dict[str, tuple[int, tuple[str, ...]]] = {}

    def read(self, number: int, cells: tuple[str, ...]) -> None:
        if not any(cells):
            return
        if len(cells) < self.width or any(cells[self.width :]):
            wanted, found = str(self.width), str(len(cells))
            self._report(ProblemCode.ROW_LENGTH, number, None, cells[0], expected=wanted, found=found)
            return
        text = {heading: cells[index] for heading, index in self.position.items()}
        commune = self._commune(number, text)
        if commune is None:
            return
        uai = self._uai(number, text[_UAI])
        official, label = self._basin(number, text[_CODE]), text[_LABEL]
        latitude, longitude = (self._coordinate(number, h, text[h]) for h in (_LATITUDE, _LONGITUDE))
        if label.startswith("="):
            self._report(ProblemCode.FORMULA, number, _LABEL, label)
        if uai is None or official is None:
            return
        if uai in self.rows:
            first, before = self.rows[uai]
            problem = ProblemCode.DUPLICATE_ROW if before == cells else ProblemCode.CONFLICTING_ROWS
            self._report(problem, number, _UAI, uai, first_row=str(first))
            return
        self.rows[uai] = (number, cells)
        point = None if latitude is None or longitude is None else (longitude, latitude)
        self.schools[uai] = School(uai, commune, official, label, point)

    def finish(self) -> tuple[School, ...]:
        """The schools; a code that no row gives a label to is a problem."""
        if not any(school.official_code for school in self.schools.values()):
            if not self.findings.problems:
                self._report(ProblemCode.NO_USABLE_ROW, None, _CODE, None)
            return ()
        labelled = {s.official_code for s in self.schools.values() if s.official_label}
        for uai, school in self.schools.items():
            if school.official_code and school.official_code not in labelled:
                labelled.add(school.official_code)
                self._report(ProblemCode.CELL_BLANK, self.rows[uai][0], _LABEL, school.official_code)
        return tuple(self.schools.values())

    def _report(
        self, code: ProblemCode, row: int | None, column: str | None, value: str | None, **params: str
    ) -> bool:
        return self.findings.report(self.file, code, row, column, value, **params)

    def _commune(self, number: int, text: Mapping[str, str]) -> str | None:
        raw = text[_COMMUNE]
        code = raw.replace(" ", "").removesuffix(".0").upper()
        uai = text[_UAI].upper()
        is_ours = uai[:1] == "0" and uai[1:3] in self.departements
        if not code:
            if is_ours:
                self._report(ProblemCode.CELL_BLANK, number, _COMMUNE, raw)
            return None
        if raw.startswith("="):
            self._report(ProblemCode.FORMULA, number, _COMMUNE, raw)
            return None
        if re.fullmatch(r"\d{4}", code) and "0" + code[:1] in self.departements:
            code = "0" + code
            if not self._report(ProblemCode.INSEE_LEADING_ZERO, number, _COMMUNE, raw, suggestion=code):
                return None
        elif not re.fullmatch(r"\d{5}|2[AB]\d{3}", code):
            if is_ours or not is_valid_uai(uai):
                self._report(ProblemCode.BAD_INSEE_CODE, number, _COMMUNE, raw)
            return None
        code = self.retired.get(code, code)
        if code[:2] not in self.departements:
            return None
        if code == MARSEILLE_CODE and re.fullmatch(r"130\d\d", text.get(_POSTCODE, "")):
            arrondissement = f"132{text[_POSTCODE][3:]}"
            code = arrondissement if arrondissement in MARSEILLE_ARRONDISSEMENTS else code
        if code not in self.communes:
            self._report(ProblemCode.UNKNOWN_COMMUNE, number, _COMMUNE, raw)
            return None
        return code

    def _uai(self, number: int, raw: str) -> str | None:
        code = raw.replace(" ", "").upper()
        if is_valid_uai(code):
            return code
        if is_valid_uai("0" + code):
            accepted = self._report(ProblemCode.UAI_LEADING_ZERO, number, _UAI, raw, suggestion="0" + code)
            return "0" + code if accepted else None
        self._report(ProblemCode.BAD_UAI if raw else ProblemCode.CELL_BLANK, number, _UAI, raw)
        return None

    def _basin(self, number: int, raw: str) -> str | None:
        """Official code, empty where the directory leaves it empty, ``None`` where it cannot be read."""
        if raw.startswith("="):
            self._report(ProblemCode.FORMULA, number, _CODE, raw)
            return None
        if re.fullmatch(r"[2-9]\d{3}", raw):
            # Official codes start with the académie, 02 or 23: a spreadsheet has eaten the zero of 02.
            accepted = self._report(ProblemCode.INSEE_LEADING_ZERO, number, _CODE, raw, suggestion="0" + raw)
            return "0" + raw if accepted else None
        return raw.upper()

    def _coordinate(self, number: int, heading: str, raw: str) -> float | None:
        if not raw:
            return None
        if raw.startswith("="):
            self._report(ProblemCode.FORMULA, number, heading, raw)
            return None
        value = parse_number(raw)
        if value is None:
            self._report(ProblemCode.NOT_A_NUMBER, number, heading, raw)
            return None
        low, high = _RANGES[heading]
        if not low <= value <= high:
            self._report(
                ProblemCode.OUT_OF_RANGE, number, heading, raw, minimum=f"{low:g}", maximum=f"{high:g}"
            )
        return value


def _conflict(commune: str, label: str, kind: str, chosen: str, found: str) -> dict[str, str]:
    return {"commune_code": commune, "commune_label": label, "kind": kind, "chosen": chosen, "found": found}


def _voters(
    schools: Iterable[School], conflicts: list[dict[str, str]], labels: Mapping[str, str]
) -> list[School]:
    """Schools with a basin of their own académie: a basin never spreads over two."""
    academie = {d: code for code, departements in ACADEMIE_DEPARTEMENTS.items() for d in departements}
    with_basin = sorted((s for s in schools if s.official_code), key=lambda s: s.uai)
    weight = Counter((s.official_code, academie[s.commune_code[:2]]) for s in with_basin)
    home: dict[str, str] = {}
    for (official, area), _ in sorted(weight.items(), key=lambda item: (-item[1], item[0])):
        home.setdefault(official, area)
    voters = []
    for school in with_basin:
        if academie[school.commune_code[:2]] == home[school.official_code]:
            voters.append(school)
        else:
            code = school.commune_code
            found = f"{school.uai}={school.official_code}"
            conflicts.append(_conflict(code, labels[code], "other_academie", "", found))
    return voters


def _majority(
    code: str, label: str, votes: Counter[str], voters: Sequence[School], conflicts: list[dict[str, str]]
) -> tuple[str, str]:
    """Basin and confidence of a commune from its votes; a tie goes to the basin with more schools in all."""
    total = Counter(school.official_code for school in voters)
    ranked = sorted(votes, key=lambda official: (-votes[official], -total[official], official))
    if len(ranked) == 1:
        return ranked[0], "high"
    is_tie = votes[ranked[0]] == votes[ranked[1]]
    found = "|".join(f"{official}={votes[official]}" for official in ranked)
    conflicts.append(_conflict(code, label, "tie" if is_tie else "split", ranked[0], found))
    return ranked[0], "low" if is_tie else "medium"


def _nearest(
    code: str, voters: Sequence[School], centres: Mapping[str, tuple[float, float]]
) -> tuple[str, float]:
    """Basin and distance (km, great circle) of the nearest school of the same département."""
    here = [school for school in voters if school.commune_code[:2] == code[:2]]
    points = np.radians([school.point or centres[school.commune_code] for school in here])
    longitude, latitude = np.radians(centres[code])
    half = (
        np.sin((points[:, 1] - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(points[:, 1]) * np.sin((points[:, 0] - longitude) / 2) ** 2
    )
    kilometres = 2 * _EARTH_KM * np.arcsin(np.sqrt(half))
    best = int(np.argmin(kilometres))
    return here[best].official_code, float(kilometres[best])


def _official_labels(voters: Iterable[School], conflicts: list[dict[str, str]]) -> dict[str, str]:
    told: dict[str, Counter[str]] = {}
    for school in voters:
        counter = told.setdefault(school.official_code, Counter())
        if school.official_label:
            counter[" ".join(school.official_label.replace(" - ", " – ").split())] += 1
    labels = {}
    for official, counter in sorted(told.items()):
        ranked = sorted(counter, key=lambda text: (-counter[text], text))
        labels[official] = ranked[0] if ranked else official
        if len(ranked) > 1:
            conflicts.append(_conflict("", "", "label", ranked[0], "|".join(ranked)))
    return labels


def _map_codes(
    attached: Sequence[Mapping[str, str]],
    communes: Sequence[Mapping[str, str]],
    basins: Sequence[Mapping[str, str]],
    labels: Mapping[str, str],
) -> list[dict[str, str]]:
    """Official code -> local code. A pair that holds at least half of the population of both keeps the old
    code; others get the next number of their académie, never one that has been used."""
    former = {row["commune_code"]: row["basin_code"] for row in communes}
    common: Counter[tuple[str, str]] = Counter()
    size: Counter[str] = Counter()
    academie = {}
    for row in attached:
        official, population = row["basin_code"], int(row["population"])
        common[former[row["commune_code"]], official] += population
        size[former[row["commune_code"]]] += population
        size[official] += population
        academie[official] = row["academie"]
    kept: dict[str, str] = {}
    shares: dict[str, tuple[float, float]] = {}
    for (old, official), both in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        share = (both / max(size[old], 1), both / max(size[official], 1))
        shares.setdefault(official, share)
        if min(share) >= 0.5 and official not in kept and old not in kept.values():
            kept[official] = old
            shares[official] = share
    used = {row["basin_code"] for row in basins}
    mapping = []
    for official in sorted(academie):
        code = kept.get(official) or _next_code(_PREFIXES[academie[official]], used)
        used.add(code)
        mapping.append(
            {
                "official_code": official,
                "official_label": labels[official],
                "basin_code": code,
                "is_kept": "true" if official in kept else "false",
                "share_of_old": f"{shares[official][0]:.3f}",
                "share_of_new": f"{shares[official][1]:.3f}",
            }
        )
    return mapping


def _next_code(prefix: str, used: Iterable[str]) -> str:
    return f"{prefix}{max((int(code[2:]) for code in used if code.startswith(prefix)), default=0) + 1:02d}"


def _basin_rows(
    mapping: Iterable[Mapping[str, str]],
    communes: Sequence[Mapping[str, str]],
    former: Sequence[Mapping[str, str]],
) -> list[dict[str, str]]:
    old = {row["basin_code"]: row for row in former}
    rows: list[dict[str, str]] = []
    for item in sorted(mapping, key=lambda found: found["basin_code"]):
        code = item["basin_code"]
        members = [row for row in communes if row["basin_code"] == code]
        seat = old.get(code, {}).get("seat_commune_code", "")
        if seat not in {row["commune_code"] for row in members}:
            seat = max(members, key=lambda row: (int(row["population"]), row["commune_code"]))["commune_code"]
        taken = {row["short_label"] for row in rows}
        short = old[code]["short_label"] if code in old else short_label(item["official_label"])
        rows.append(
            {
                "basin_code": code,
                "basin_label": item["official_label"],
                "short_label": short if short not in taken else code,
                "academie": members[0]["academie"],
                "seat_commune_code": seat,
                "departements": "+".join(sorted({row["departement_code"] for row in members})),
                "reliability": OFFICIAL_RELIABILITY,
                "evidence": f"Annuaire de l’éducation, code {item['official_code']}",
            }
        )
    return rows


def short_label(label: str) -> str:
    """A label for the map, at most 14 characters, cut between words.

    >>> short_label("Bassin de Fréjus – Saint-Raphaël"), short_label("Villefranche-sur-Mer")
    ('Fréjus', 'Villefranche')
    """
    bare = re.sub(r"^bassin\s+(de la |de l[’']|du |des |de |d[’'])?", "", label.strip(), flags=re.IGNORECASE)
    for separator in (" – ", " ", "-"):
        parts = bare.split(separator)
        while len(parts) > 1 and len(separator.join(parts)) > SHORT_LABEL_LENGTH:
            parts.pop()
        while len(parts) > 1 and parts[-1].lower() in _LINKS:
            parts.pop()
        bare = separator.join(parts)
    return bare[:SHORT_LABEL_LENGTH]
