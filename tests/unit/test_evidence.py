"""Evidence: what may be kept is opened and looked through; the rest is refused with its reason."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from observatory.errors import UserFacingError
from observatory.export.evidence import (
    LARGEST_EVIDENCE,
    LONGEST_NAME,
    Evidence,
    check_evidence,
    clean_file_name,
)
from observatory.french.errors import describe_error


def image(image_format: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#86b5ad").save(out, image_format)
    return out.getvalue()


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def writer_of_one_page() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    return writer


def pdf() -> bytes:
    return written(writer_of_one_page())


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(UserFacingError) as raised:
        check_evidence(name, content)
    assert "code" not in describe_error(raised.value)
    return raised.value.code


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("compte-rendu.pdf", pdf(), "application/pdf"),
        ("photo.PNG", image("PNG"), "image/png"),
        ("photo.jpg", image("JPEG"), "image/jpeg"),
        ("photo.jpeg", image("JPEG"), "image/jpeg"),
        ("photo.webp", image("WEBP"), "image/webp"),
    ],
)
def test_a_pdf_or_an_image_is_kept_under_its_name(name: str, content: bytes, media_type: str) -> None:
    assert check_evidence(name, content) == Evidence(name.replace("PNG", "png"), media_type, content)


def test_a_name_without_extension_gets_that_of_the_content() -> None:
    assert check_evidence("scan", image("JPEG")).file_name == "scan.jpg"


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00", b"<html>", b"<svg xmlns=''/>", b"PK\x03\x04docx", b"GIF89a", b"BM", b"\x00" * 64],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.exe"])
def test_anything_else_is_refused_whatever_its_name(name: str, content: bytes) -> None:
    assert refusal(name, content) == "evidence_type"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", pdf()), ("a.pdf", image("PNG")), ("a.jpg", image("WEBP")), ("a.pdf.exe", pdf())],
)
def test_a_name_that_says_another_type_is_refused(name: str, content: bytes) -> None:
    assert refusal(name, content) == "evidence_mismatch"


def test_an_empty_file_and_one_byte_too_many_are_refused() -> None:
    assert refusal("a.pdf", b"") == "evidence_empty"
    padded = image("PNG")
    assert refusal("a.png", padded + b"\0" * (LARGEST_EVIDENCE - len(padded) + 1)) == "evidence_too_large"


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP")])
def test_an_image_cut_in_its_middle_is_refused(name: str, kind: str) -> None:
    noise = Image.effect_noise((200, 200), 80)
    out = io.BytesIO()
    noise.save(out, kind)
    assert check_evidence(name, out.getvalue())
    assert refusal(name, out.getvalue()[: len(out.getvalue()) // 2]) == "evidence_damaged"


def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_drawn() -> None:
    assert refusal("a.png", image("PNG", (10_000, 4_000))) == "evidence_pixels"
    assert refusal("a.png", image("PNG", (10_000, 10_000))) == "evidence_pixels"


def test_a_pdf_cut_or_without_a_page_is_refused() -> None:
    assert refusal("a.pdf", b"%PDF-1.7\nrien") == "evidence_damaged"
    assert refusal("a.pdf", written(PdfWriter())) == "evidence_damaged"


def test_a_pdf_behind_a_password_is_refused() -> None:
    writer = writer_of_one_page()
    writer.encrypt("secret", algorithm="RC4-128")
    assert refusal("a.pdf", written(writer)) == "evidence_encrypted"


def action(kind: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("x")})


def active_pdfs() -> dict[str, PdfWriter]:
    script, attached, launch, form = (writer_of_one_page() for _ in range(4))
    script.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    attached.add_attachment("a.exe", b"MZ")
    launch.root_object[NameObject("/OpenAction")] = action("/Launch")
    form.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action("/SubmitForm")})
    return {"script": script, "attached": attached, "launch": launch, "form": form}


@pytest.mark.parametrize("kind", ["script", "attached", "launch", "form"])
def test_a_pdf_that_runs_sends_or_carries_something_is_refused(kind: str) -> None:
    assert refusal("a.pdf", written(active_pdfs()[kind])) == "evidence_active"


def test_a_script_whose_name_is_written_in_code_is_found() -> None:
    hidden = (
        written(active_pdfs()["script"]).replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/#4aS")
    )
    assert refusal("a.pdf", hidden) == "evidence_active"


@given(st.binary(max_size=300), st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]))
def test_any_bytes_are_refused_with_a_reason(rest: bytes, start: bytes) -> None:
    assert refusal("a", start + rest).startswith("evidence_")


@given(st.text())
def test_a_cleaned_name_holds_no_folder_and_nothing_hidden(name: str) -> None:
    cleaned = clean_file_name(name)
    assert cleaned
    assert len(cleaned) <= LONGEST_NAME
    assert not set('/\\<>:"|?*\r\n\t\u202e\u200b\x00') & set(cleaned)
    assert not cleaned.startswith(".")
    assert clean_file_name(cleaned) == cleaned


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_loses_the_place_where_it_was_taken_and_stands_upright(image_format):
    picture, exif = Image.new("RGB", (40, 20), "white"), Image.Exif()
    picture.paste("black", (0, 0, 20, 20))
    exif[0x0112] = 6  # held sideways
    exif[0x010F] = "appareil"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.save(file, image_format, exif=exif)
    kept = check_evidence(f"photo.{image_format.lower()}", file.getvalue()).content
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (20, 40)
    assert b"appareil" not in kept


def test_what_carries_nothing_is_kept_byte_for_byte():
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(file, "JPEG")
    assert check_evidence("photo.jpg", file.getvalue()).content == file.getvalue()
