"""Mapping files: how each layout of an extract writes the canonical fields. A new layout is a new file.

.. code-block:: yaml

    source: mission_locale            # a value of Source
    layout: b                         # its name, unique within the source
    label: Parcours 3, export CSV
    files: ["parcours3_b*.csv"]       # patterns of names; a file under another name is known by its headings
    encodings: [utf-8]                # tried in order
    separator: ","
    sheet: Jeunes                     # workbooks: the sheet; without it, the one that has the headings
    header_lines: 1                   # 2 when a line of merged cells stands above the headings
    dates: ["%Y-%m-%d"]
    blanks: ["-", "NC"]               # cells that say nothing
    columns:
      record_id: Id jeune             # canonical field: heading, without regard to case, accents and signs
      sexe: {heading: [Sexe, Genre], codes: {"1": M, "2": F}}
      nom: {heading: Nom et prénom, split: capitals}      # "LE GALL Anna"; also comma ("LE GALL, Anna")
      prenom: {heading: Nom et prénom, split: capitals}
      commune_naissance: {heading: INSEE, lost_zeros: true, optional: true}
    constants: {structure: Mission locale}

``split: words`` takes prenom, prenom2 and prenom3 from one column of first names. ``lost_zeros: false`` keeps
a code of four digits from being completed.
"""

from __future__ import annotations

import codecs
import fnmatch
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from observatory.domain.campaign import Source
from observatory.domain.codes import heading_key
from observatory.errors import FileContractError, FileProblem
from observatory.linkage.schema import SCHEMAS, FieldForm, FieldRule

SPLITS = {
    "capitals": frozenset({"nom", "prenom"}),
    "comma": frozenset({"nom", "prenom"}),
    "words": frozenset({"prenom", "prenom2", "prenom3"}),
}
"""How a column that holds several fields is cut, and the fields that it may give."""

_KEYS: dict[str, type | tuple[type, ...]] = {
    "source": str,
    "layout": str,
    "label": str,
    "files": list,
    "encodings": list,
    "separator": str,
    "sheet": str,
    "header_lines": int,
    "dates": list,
    "blanks": list,
    "columns": dict,
    "constants": dict,
}
_NEEDED = ("source", "layout", "label", "files", "dates", "columns")
_COLUMN_KEYS: dict[str, type | tuple[type, ...]] = {
    "heading": (str, list),
    "codes": dict,
    "split": str,
    "lost_zeros": bool,
    "optional": bool,
}


@dataclass(frozen=True)
class ColumnMapping:
    """Where a canonical field is and how it is written.

    ``headings`` are alternatives; ``codes`` give the canonical value by what is written and by its key.
    """

    headings: tuple[str, ...]
    codes: Mapping[str, str] = field(default_factory=dict)
    split: str = ""
    lost_zeros: bool = True
    optional: bool = False

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(heading_key(heading) for heading in self.headings)


@dataclass(frozen=True)
class ExtractMapping:
    """One mapping file, checked; ``name`` is its file name."""

    name: str
    sha256: str
    source: Source
    layout: str
    label: str
    files: tuple[str, ...]
    dates: tuple[str, ...]
    columns: Mapping[str, ColumnMapping]
    constants: Mapping[str, str]
    encodings: tuple[str, ...] = ("utf-8", "windows-1252")
    separator: str = ";"
    sheet: str = ""
    header_lines: int = 1
    blanks: tuple[str, ...] = ()

    def names(self, file_name: str) -> bool:
        """Whether a file bears a name of this layout."""
        return any(fnmatch.fnmatch(file_name.lower(), pattern.lower()) for pattern in self.files)

    def missing(self, headings: Mapping[str, int] | frozenset[str]) -> list[str]:
        """The headings wanted that are not among these keys."""
        return sorted(
            {
                column.headings[0]
                for column in self.columns.values()
                if not column.optional and not any(key in headings for key in column.keys)
            }
        )


def load_mappings(directory: Path) -> tuple[ExtractMapping, ...]:
    """All the mapping files of a directory, in the order of their names.

    Raises :class:`~observatory.errors.FileContractError` with every problem of every file.
    """
    problems: list[FileProblem] = []
    paths = sorted((*directory.glob("*.yml"), *directory.glob("*.yaml"))) if directory.is_dir() else []
    if not paths:
        raise FileContractError([FileProblem(str(directory), None, None, None, "mapping_none")])
    mappings: list[ExtractMapping] = []
    for path in paths:
        found = _Reader(path.name, problems).read(path)
        if found is not None:
            mappings.append(found)
    seen: dict[tuple[Source, str], str] = {}
    patterns: dict[str, str] = {}
    for mapping in mappings:
        other = seen.setdefault((mapping.source, mapping.layout), mapping.name)
        if other != mapping.name:
            problems.append(
                FileProblem(mapping.name, None, "layout", mapping.layout, "mapping_twice", {"other": other})
            )
        for pattern in mapping.files:
            other = patterns.setdefault(pattern.lower(), mapping.name)
            if other != mapping.name:
                problems.append(
                    FileProblem(mapping.name, None, "files", pattern, "mapping_twice", {"other": other})
                )
    if problems:
        raise FileContractError(problems)
    return tuple(mappings)


class _Reader:
    """Reads one file, noting what is wrong with it."""

    def __init__(self, name: str, problems: list[FileProblem]) -> None:
        self.name, self.problems, self.before = name, problems, len(problems)

    def note(self, code: str, key: str | None, value: object = None, **params: str) -> None:
        shown = None if value is None else str(value)
        self.problems.append(FileProblem(self.name, None, key, shown, code, params))

    def read(self, path: Path) -> ExtractMapping | None:
        try:
            content = path.read_bytes()
            raw = yaml.safe_load(content.decode("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            row = mark.line + 1 if mark is not None else None
            self.problems.append(FileProblem(self.name, row, None, None, "mapping_not_yaml"))
            return None
        if not isinstance(raw, dict):
            self.note("mapping_not_yaml", None)
            return None
        self._check_keys(raw, _KEYS, "")
        for key in _NEEDED:
            if key not in raw:
                self.note("mapping_key_missing", key)
        sources = [source.value for source in Source]
        if "source" in raw and raw["source"] not in sources:
            self.note("mapping_value", "source", raw["source"], allowed=", ".join(sources))
        if len(self.problems) > self.before:
            return None
        source = Source(raw["source"])
        rules = {rule.name: rule for rule in SCHEMAS[source]}
        columns = self._columns(raw["columns"], rules)
        constants = self._constants(raw.get("constants", {}), rules, columns)
        for rule in rules.values():
            if rule.is_required and rule.name not in columns and rule.name not in constants:
                self.note("mapping_field_missing", "columns", rule.name)
        self._check_lists(raw)
        if len(self.problems) > self.before:
            return None
        return ExtractMapping(
            name=self.name,
            sha256=hashlib.sha256(content).hexdigest(),
            source=source,
            layout=raw["layout"],
            label=raw["label"],
            files=tuple(raw["files"]),
            dates=tuple(raw["dates"]),
            columns=columns,
            constants=constants,
            encodings=tuple(raw.get("encodings", ExtractMapping.encodings)),
            separator=raw.get("separator", ExtractMapping.separator),
            sheet=raw.get("sheet", ""),
            header_lines=raw.get("header_lines", 1),
            blanks=tuple(raw.get("blanks", ())),
        )

    def _check_keys(
        self, raw: Mapping[Any, Any], known: Mapping[str, type | tuple[type, ...]], under: str
    ) -> None:
        for key, value in raw.items():
            if key not in known:
                self.note("mapping_key_unknown", f"{under}{key}", allowed=", ".join(known))
            elif not isinstance(value, known[key]) or (known[key] is int and isinstance(value, bool)):
                self.note("mapping_value", f"{under}{key}", value, allowed=_kind_name(known[key]))

    def _check_lists(self, raw: Mapping[str, Any]) -> None:
        for key in ("files", "encodings", "dates", "blanks"):
            for value in raw.get(key, ()):
                if not isinstance(value, str):
                    self.note("mapping_value", key, value, allowed="texte")
                elif key == "encodings" and not _is_encoding(value):
                    self.note("mapping_value", key, value, allowed="utf-8, windows-1252, iso-8859-15, cp850")
                elif key == "dates" and not all(mark in value for mark in ("%d", "%m")):
                    self.note("mapping_value", key, value, allowed="%d/%m/%Y, %Y-%m-%d")
        if raw.get("separator") is not None and len(raw["separator"]) != 1:
            self.note("mapping_value", "separator", raw["separator"], allowed="; , |")
        if not 1 <= raw.get("header_lines", 1) <= 3:
            self.note("mapping_value", "header_lines", raw["header_lines"], allowed="1, 2, 3")
        if not raw["files"]:
            self.note("mapping_value", "files", "[]", allowed="*.csv, *.xlsx")

    def _columns(self, raw: Mapping[Any, Any], rules: Mapping[str, FieldRule]) -> dict[str, ColumnMapping]:
        columns: dict[str, ColumnMapping] = {}
        users: dict[str, list[str]] = {}
        for name, given in raw.items():
            where = f"columns.{name}"
            if name not in rules:
                self.note("mapping_field_unknown", where, name, allowed=", ".join(rules))
                continue
            said = given if isinstance(given, dict) else {"heading": given}
            noted = len(self.problems)
            self._check_keys(said, _COLUMN_KEYS, f"{where}.")
            if len(self.problems) > noted:
                continue
            if "heading" not in said:
                self.note("mapping_key_missing", f"{where}.heading")
                continue
            heading = said["heading"]
            headings = [str(one) for one in (heading if isinstance(heading, list) else [heading])]
            if not headings or not all(heading_key(one) for one in headings):
                self.note("mapping_value", f"{where}.heading", heading, allowed="A-Z 0-9")
                continue
            split = said.get("split", "")
            if split and name not in SPLITS.get(split, frozenset()):
                self.note("mapping_value", f"{where}.split", split, allowed=", ".join(SPLITS))
            columns[name] = ColumnMapping(
                headings=tuple(headings),
                codes=self._codes(said.get("codes", {}), rules[name], where),
                split=split,
                lost_zeros=said.get("lost_zeros", True),
                optional=said.get("optional", False),
            )
            for key in columns[name].keys:
                users.setdefault(key, []).append(name)
        for names in users.values():
            if len(names) > 1 and not all(columns[name].split for name in names):
                self.note("mapping_heading_shared", f"columns.{names[1]}", columns[names[1]].headings[0])
        return columns

    def _codes(self, raw: Mapping[Any, Any], rule: FieldRule, where: str) -> dict[str, str]:
        if raw and rule.form is not FieldForm.CHOICE:
            self.note("mapping_value", f"{where}.codes", rule.name, allowed="-")
            return {}
        codes = {}
        for written, meaning in raw.items():
            if meaning not in rule.choices:
                self.note(
                    "mapping_value", f"{where}.codes.{written}", meaning, allowed=", ".join(rule.choices)
                )
            else:
                codes[code_key(str(written))] = codes[str(written).strip()] = meaning
        return codes

    def _constants(
        self, raw: Mapping[Any, Any], rules: Mapping[str, FieldRule], columns: Mapping[str, ColumnMapping]
    ) -> dict[str, str]:
        constants = {}
        for name, value in raw.items():
            where = f"constants.{name}"
            if name not in rules:
                self.note("mapping_field_unknown", where, name, allowed=", ".join(rules))
            elif name in columns or rules[name].is_unique:
                self.note("mapping_value", where, value, allowed="-")
            elif rules[name].choices and value not in rules[name].choices:
                self.note("mapping_value", where, value, allowed=", ".join(rules[name].choices))
            else:
                constants[name] = str(value)
        return constants


def code_key(written: str) -> str:
    """A code without case, accents and signs; Excel's ``1.0`` is ``1``.

    >>> code_key("Décès"), code_key("1.0"), code_key("M."), code_key("01")
    ('deces', '1', 'm', '01')
    """
    return heading_key(written.strip().removesuffix(".0"))


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _kind_name(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    words = {str: "texte", list: "liste", dict: "dictionnaire", int: "entier", bool: "true, false"}
    return ", ".join(words[one] for one in kinds)
