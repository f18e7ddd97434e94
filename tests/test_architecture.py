"""The rules of docs/architecture.md, read from the sources.

Who may import whom is import-linter's work (``pyproject.toml``); the other rules are small functions from a
source to the lines that break it. Each is also given a source that breaks it: a rule that finds nothing
anywhere proves nothing.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from observatory.ui.router import PAGES

ROOT = Path(__file__).resolve().parent.parent
PAGE_LINES = 100
ROOMS_OF_PAGES = {"__future__", "observatory.ui", "observatory.views", "observatory.french", "streamlit"}
# Proper names of the territory and the records of the demonstration are data that live in these modules.
FRENCH_DATA_MODULES = {
    "observatory/pipeline/demonstration_texts.py",
    "observatory/pipeline/demonstration.py",
    "observatory/pipeline/territory.py",
}

Rule = Callable[[str, str], list[str]]
"""From a path relative to the project and its source to the lines that break the rule, as ``line: why``."""


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def _imports(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            # `from observatory import store` names a room in its aliases.
            rooms = (
                [f"{module}.{alias.name}" for alias in node.names] if module == "observatory" else [module]
            )
            yield from ((node.lineno, name) for name in rooms)


def _is_within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def environment_read_outside_config(path: str, source: str) -> list[str]:
    if path == "observatory/config.py":
        return []
    found = []
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}:
            found.append(f"{node.lineno}: {node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            found += [f"{node.lineno}: {a.name}" for a in node.names if a.name in {"environ", "getenv"}]
    return found


def streamlit_outside_its_rooms(path: str, source: str) -> list[str]:
    # The review of doubtful pairs is a screen of its own: it shows names, which no page may.
    if path in {"app.py", "observatory/linkage/review_screen.py"}:
        return []
    if path.startswith(("observatory/ui/", "pages/")):
        return []
    return [
        f"{n}: {name}" for n, name in _imports(source) if _is_within(name, {"streamlit", "streamlit_folium"})
    ]


def review_screen_imported(path: str, source: str) -> list[str]:
    """The screen that shows names is started as a program, never a part of another one."""
    screen = "observatory.linkage.review_screen"
    named = [
        (node.lineno, f"{node.module}.{alias.name}")
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return [f"{n}: {name}" for n, name in sorted({*_imports(source), *named}) if _is_within(name, {screen})]


def page_reaches_past_its_rooms(path: str, source: str) -> list[str]:
    if not (path == "app.py" or path.startswith("pages/")):
        return []
    return [f"{n}: {name}" for n, name in _imports(source) if not _is_within(name, ROOMS_OF_PAGES)]


def page_is_a_program(path: str, source: str) -> list[str]:
    count = len(source.splitlines())
    if path.startswith("pages/") and count > PAGE_LINES:
        return [f"{count}: lines, at most {PAGE_LINES}: a view or a component is hidden inside"]
    return []


def page_defines_a_class(path: str, source: str) -> list[str]:
    """Streamlit runs a page anew at each click: its class would be another class every time."""
    if not path.startswith("pages/"):
        return []
    return [f"{n.lineno}: {n.name}" for n in ast.walk(_tree(source)) if isinstance(n, ast.ClassDef)]


def name_that_says_nothing(path: str, source: str) -> list[str]:
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}
    return [f"1: {part}" for part in Path(path).with_suffix("").parts if part in vague]


def markup_outside_ui(path: str, source: str) -> list[str]:
    if path.startswith("observatory/ui/"):
        return []
    return [
        f"{node.value.lineno}: {node.arg}"
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.keyword) and node.arg in {"unsafe_allow_html", "unsafe_allow_javascript"}
    ]


def public_name_without_docstring(path: str, source: str) -> list[str]:
    """Modules, and their public functions and classes; a method is explained by its class."""
    if not path.startswith("observatory/") or "/migrations/" in path:
        return []
    tree = _tree(source)
    found = [] if _says_something(tree) else ["1: module"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_overload = any("overload" in ast.dump(d) for d in node.decorator_list)
            if not node.name.startswith("_") and not is_overload and not _says_something(node):
                found.append(f"{node.lineno}: {node.name}")
    return found


def _says_something(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return bool(re.search(r"\w{2}", ast.get_docstring(node) or ""))


def emoji(path: str, source: str) -> list[str]:
    """Many machines lack the font and show boxes; Streamlit's own icons travel with it."""
    pictures = re.compile(
        "[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]|:[a-z_]+_(face|button|mark):"
    )
    return [
        f"{number}: {found.group()!r}"
        for number, line in enumerate(source.splitlines(), 1)
        if (found := pictures.search(line))
    ]


def french_sentence_outside_its_rooms(path: str, source: str) -> list[str]:
    """Accented constants of at least five words, in the rooms that say nothing to a person."""
    mute = ("observatory/domain/", "observatory/stats/", "observatory/store/", "observatory/pipeline/")
    if not path.startswith(mute) or path in FRENCH_DATA_MODULES:
        return []
    documented = {
        id(node.body[0].value)
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    } | {id(node.value) for node in ast.walk(_tree(source)) if isinstance(node, ast.Expr)}
    return [
        f"{node.lineno}: {node.value!r}"
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
        and re.search("[àâçéèêëîïôùûœ]", node.value, re.IGNORECASE)
        and len(re.findall(r"\b[a-zà-ÿœ]{2,}\b", node.value)) >= 5
    ]


def fragment_out_of_turn(path: str, source: str) -> list[str]:
    """A fragment that runs while others do makes all of them wait until the last one ends (ui/turns.py)."""
    if not path.startswith(("observatory/ui/", "pages/")):
        return []
    return [
        f"{node.lineno}: {node.name}"
        for node in ast.walk(_tree(source))
        if isinstance(node, ast.FunctionDef)
        and (names := [ast.unparse(d) for d in node.decorator_list])
        and any(name.startswith("st.fragment") for name in names)
        and names[-1] != "in_turn"
    ]


# Each rule with a source that breaks it, and one beside it that does not.
RULES: dict[Rule, tuple[tuple[str, str], tuple[str, str]]] = {
    environment_read_outside_config: (
        ("observatory/store/engine.py", "from os import environ\n"),
        ("observatory/config.py", "import os\nA = os.environ\n"),
    ),
    streamlit_outside_its_rooms: (
        ("observatory/views/carte.py", "def f():\n    import streamlit.components.v1 as c\n"),
        ("observatory/ui/data.py", "import streamlit as st\n"),
    ),
    review_screen_imported: (
        ("observatory/pipeline/review.py", "from observatory.linkage import review_screen\n"),
        ("observatory/pipeline/review.py", "from observatory.linkage import review\n"),
    ),
    page_reaches_past_its_rooms: (
        ("pages/carte.py", "from observatory import store\n"),
        (
            "pages/carte.py",
            "import streamlit as st\nfrom observatory.ui import data\nfrom observatory import views\n",
        ),
    ),
    page_is_a_program: (("pages/carte.py", "x = 1\n" * 101), ("pages/carte.py", "x = 1\n" * 100)),
    page_defines_a_class: (
        ("pages/carte.py", "class Reading:\n    pass\n"),
        ("observatory/views/carte.py", "class Reading:\n    pass\n"),
    ),
    name_that_says_nothing: (("observatory/ui/helpers.py", ""), ("observatory/ui/helping.py", "")),
    markup_outside_ui: (
        ("pages/carte.py", "st.markdown(name, unsafe_allow_html=True)\n"),
        ("observatory/ui/frame.py", "st.markdown(name, unsafe_allow_html=True)\n"),
    ),
    public_name_without_docstring: (
        ("observatory/stats/rates.py", '"""Rates."""\ndef wilson():\n    """."""\n'),
        (
            "observatory/stats/rates.py",
            '"""Rates."""\ndef wilson():\n    """Interval."""\ndef _z():\n    pass\n',
        ),
    ),
    emoji: (
        ("pages/carte.py", "icon = '\U0001f4ca'\n"),
        ("pages/carte.py", "icon = ':material/map:' # 28 → 12 ‰\n"),
    ),
    fragment_out_of_turn: (
        ("observatory/ui/carte.py", "@st.fragment\ndef show():\n    pass\n"),
        ("observatory/ui/carte.py", "@st.fragment\n@in_turn\ndef show():\n    pass\n"),
    ),
    french_sentence_outside_its_rooms: (
        ("observatory/pipeline/context.py", "print('fichier illisible, rien ne sera changé')\n"),
        (
            "observatory/pipeline/context.py",
            "'''Lit les fichiers abîmés sans rien changer.'''\nA = 'académie'\n",
        ),
    ),
}


def _sources() -> Iterator[tuple[str, str]]:
    paths = [ROOT / "app.py", *sorted(ROOT.glob("pages/*.py")), *sorted(ROOT.glob("observatory/**/*.py"))]
    for path in paths:
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_source_breaks_the_rule(rule):
    broken = [f"{path}:{line}" for path, source in _sources() for line in rule(path, source)]
    assert broken == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_the_source_that_breaks_it_and_only_that_one(rule):
    breaking, sound = RULES[rule]
    assert len(rule(*breaking)) == 1
    assert rule(*sound) == []


def test_every_page_file_is_registered_in_the_router_and_every_route_has_its_file():
    assert sorted(page.file for page in PAGES) == sorted(path.stem for path in ROOT.glob("pages/*.py"))


def test_no_two_pages_share_an_address():
    assert len({page.path for page in PAGES}) == len(PAGES)


# The broken import that each contract is tried on: a module of the room, and what it may not import.
VIOLATIONS = {
    "domain": ("domain/x.py", "import pandas"),
    "stats": ("stats/x.py", "import observatory.store"),
    "stats-light": ("stats/x.py", "import scipy"),
    "linkage": ("linkage/x.py", "import observatory.store"),
    "nominative": ("views/x.py", "import observatory.linkage"),
    "geo": ("geo/x.py", "import streamlit"),
    "store": ("store/x.py", "import observatory.french"),
    "pipeline": ("pipeline/x.py", "import observatory.french"),
    "views": ("views/x.py", "import sqlalchemy"),
    "french": ("french/x.py", "import observatory.stats"),
    "export": ("export/x.py", "import observatory.store"),
    "ui": ("ui/x.py", "import observatory.pipeline"),
    "ui-sql": ("ui/x.py", "import sqlalchemy"),
    "launch": ("launch.py", "import streamlit"),
}


def _lint(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """import-linter in a process of its own: inside this one it would silence every logger."""
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo", *options],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """The contracts over the same rooms with nothing in them."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in (ROOT / "observatory").glob("**/*.py"):
        if path.name == "__init__.py" or path.parent.name == "observatory":
            kept = tmp_path / path.relative_to(ROOT)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.touch()
    return tmp_path


def test_the_rooms_import_only_what_the_table_allows():
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_a_contract_and_every_contract_a_violation_to_be_tried_on():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {contract["id"] for contract in contracts["contracts"]} == set(VIOLATIONS)
    bound = {source for contract in contracts["contracts"] for source in contract["source_modules"]}
    parts = {
        p.stem for p in (ROOT / "observatory").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert bound == {f"observatory.{part}" for part in parts - {"__init__"}}


def test_empty_rooms_keep_every_contract(empty_house):
    done = _lint(empty_house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_an_import_that_the_table_forbids_breaks_its_contract(contract, empty_house):
    place, line = VIOLATIONS[contract]
    (empty_house / "observatory" / place).write_text(f"{line}\n")
    done = _lint(empty_house, "--contract", contract)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
