"""HTML is written in one place, and whatever comes from a file stays text in it."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from observatory.ui import html

HOSTILE = "</td><img src=x onerror=alert(1)>\"'&{}"


class Reader(HTMLParser):
    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(str(content))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc")))


@given(PRINTABLE, PRINTABLE)
def test_a_value_is_text_wherever_it_stands(in_attribute: str, in_text: str) -> None:
    read = Reader(html.markup('<p title="{}">{}</p>', in_attribute, in_text))
    assert read.elements == ["p"]
    assert read.attributes == [("title", in_attribute)]
    assert read.text == in_text


def test_a_value_is_escaped_once_however_deep_it_is_nested() -> None:
    inner = html.markup("<b>{}</b>", "A & B")
    assert html.markup("<p>{}</p>", html.join([inner, inner])) == "<p><b>A &amp; B</b><b>A &amp; B</b></p>"


def test_named_values_are_escaped_too() -> None:
    assert html.markup("<p>{name}</p>", name="<i>") == "<p>&lt;i&gt;</p>"


def test_a_brace_in_a_value_is_not_a_place_to_fill() -> None:
    assert html.markup("<p>{}</p>", "{0.__class__}") == "<p>{0.__class__}</p>"


def test_joining_escapes_what_was_not_marked_up() -> None:
    assert html.join([html.markup("<br>"), HOSTILE]).startswith("<br>&lt;/td&gt;&lt;img")  # type: ignore[list-item]


def test_a_table_keeps_hostile_cells_headers_and_caption_as_text() -> None:
    content = html.table((HOSTILE, "n"), [(HOSTILE, 3)], numeric=(1,), caption=HOSTILE)
    read = Reader(content)
    assert read.elements == ["table", "caption", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert read.text == HOSTILE + HOSTILE + "n" + HOSTILE + "3"


def test_only_numeric_columns_are_aligned_to_the_right() -> None:
    read = Reader(html.table(("a", "b"), [("x", "1")], numeric=(1,), caption="c"))
    classes = [value for name, value in read.attributes if name == "class" and value != "obs-table"]
    assert classes == ["obs-visually-hidden", "", "num", "", "num"]


def test_headers_of_a_table_say_their_direction() -> None:
    read = Reader(html.table(("a", "b"), [], caption="c"))
    assert read.attributes.count(("scope", "col")) == 2


def test_a_drawing_carries_its_alternative_text() -> None:
    read = Reader(html.svg("<svg><path/></svg>", HOSTILE))
    assert ("aria-label", HOSTILE) in read.attributes
    assert ("role", "img") in read.attributes
    assert read.elements == ["div", "svg", "path"]


def test_markup_of_the_project_is_kept_as_it_is() -> None:
    assert html.markup("{}", Markup("<b>x</b>")) == "<b>x</b>"
