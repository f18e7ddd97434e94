"""Files that people attach as evidence: a PDF or an image, judged by what it holds and not by its name."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from observatory.errors import UserFacingError
from observatory.export.damaged import READING_ERRORS

if TYPE_CHECKING:
    from PIL import Image
    from pypdf import PdfReader

LARGEST_EVIDENCE = 5 * 2**20
"""Bytes of the largest file that is kept: what a browser calls 5 MB."""

LARGEST_IMAGE = 30_000_000
"""Pixels of the largest image: opening more takes memory that the others need."""

LONGEST_NAME = 120

EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
}
"""Extensions that go with each type; the first is given to a name that has none."""

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_WORDS = {"application/pdf": "PDF", **_FORMATS}
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/GoToE", "/ImportData", "/SubmitForm", "/Rendition"}
_ACTIVE_BYTES = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


_PLAIN_INFO = {
    "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "gamma", "srgb", "transparency", "aspect",
    "progressive", "progression", "loop", "background", "timestamp", "duration",
}  # fmt: skip
"""What Pillow reads in a picture that says nothing of who took it."""


@dataclass(frozen=True)
class Evidence:
    """A file that may be kept: its cleaned name, its type, and what is kept of it."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


def check_evidence(file_name: str, content: bytes) -> Evidence:
    """What may be kept of a file. A photograph loses the place, the device and the hour that it carries.

    Raises :class:`UserFacingError`: ``evidence_empty``, ``evidence_too_large``, ``evidence_type`` (neither
    PDF, PNG, JPEG nor WebP), ``evidence_mismatch`` (the name says another type), ``evidence_damaged``,
    ``evidence_pixels``, ``evidence_encrypted`` or ``evidence_active`` (scripts, files inside a PDF).
    """
    name = clean_file_name(file_name)
    if not content:
        raise UserFacingError("evidence_empty", file=name)
    if len(content) > LARGEST_EVIDENCE:
        # Rounded up: a file that is one byte too large is not said to be of the allowed size.
        raise UserFacingError(
            "evidence_too_large",
            file=name,
            size=f"{-(-len(content) * 10 // 2**20) / 10:.1f}".replace(".", ","),
            largest=LARGEST_EVIDENCE // 2**20,
        )
    media_type = _media_type(content)
    if media_type is None:
        raise UserFacingError("evidence_type", file=name)
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() not in EXTENSIONS[media_type]:
        raise UserFacingError("evidence_mismatch", file=name, found=_WORDS[media_type])
    if media_type == "application/pdf":
        _check_pdf(name, content)
    else:
        content = _checked_image(name, content, _FORMATS[media_type])
    if not dot:
        stem, extension = name, EXTENSIONS[media_type][0]
    return Evidence(f"{stem}.{extension.lower()}", media_type, content)


def clean_file_name(file_name: str) -> str:
    r"""A name without folders, control or hidden characters, that every system takes.

    >>> clean_file_name("..\\..\\a/Compte  rendu : <mars>\u202e.pdf")
    'Compte rendu - -mars-.pdf'
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", file_name))[-1]
    name = "".join(c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = re.sub(r"\s+", " ", name)
    name = re.sub(r'[<>:"|?*]', "-", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    extension = extension.strip()[:10]
    stem = stem.strip(" .")[: LONGEST_NAME - len(extension) - 1].rstrip(" .") or "fichier"
    if _RESERVED.fullmatch(stem):
        stem = f"fichier-{stem}"
    return f"{stem}.{extension}" if extension else stem


def _media_type(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _checked_image(name: str, content: bytes, image_format: str) -> bytes:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=[image_format]) as image:
            width, height = image.size
            if width * height > LARGEST_IMAGE:
                raise UserFacingError("evidence_pixels", file=name, width=width, height=height)
            image.verify()
        # Verifying reads the sums of a PNG and little of a JPEG: what is cut shows only when it is drawn.
        with Image.open(io.BytesIO(content), formats=[image_format]) as image:
            image.load()
            return _without_metadata(image, image_format) or content
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UserFacingError("evidence_pixels", file=name, width="?", height="?") from error
    except READING_ERRORS as error:
        raise UserFacingError("evidence_damaged", file=name) from error


def _without_metadata(image: Image.Image, image_format: str) -> bytes:
    """The picture alone, upright; empty when the file carries nothing else."""
    from PIL import ImageOps

    if not set(image.info) - _PLAIN_INFO:
        return b""
    upright = ImageOps.exif_transpose(image)
    upright.info = {key: value for key, value in image.info.items() if key == "transparency"}
    file = io.BytesIO()
    upright.save(file, image_format, **({} if image_format == "PNG" else {"quality": 92}))
    return file.getvalue()


def _check_pdf(name: str, content: bytes) -> None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        is_encrypted = reader.is_encrypted
        is_active = not is_encrypted and (bool(_ACTIVE_BYTES.search(content)) or _has_active_object(reader))
        page_count = 0 if is_encrypted else len(reader.pages)
    except (PyPdfError, *READING_ERRORS) as error:
        raise UserFacingError("evidence_damaged", file=name) from error
    if is_encrypted:
        raise UserFacingError("evidence_encrypted", file=name)
    if is_active:
        raise UserFacingError("evidence_active", file=name)
    if page_count < 1:
        raise UserFacingError("evidence_damaged", file=name)


def _has_active_object(reader: PdfReader) -> bool:
    """Whether an object, also one packed inside a stream, asks to run, submit or carry something."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    return any(_is_active(reader.get_object(number)) for number in sorted(numbers) if number)


def _is_active(root: Any) -> bool:
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            # Asked by its key, a value is followed to its object; the others are looked at where they stand.
            names = {str(found[key]) for key in ("/S", "/Type", "/Subtype") if key in found}
            if _ACTIVE_KEYS & set(found) or names & (_ACTIVE_ACTIONS | {"/EmbeddedFile", "/RichMedia"}):
                return True
            waiting += dict.values(found)
        elif isinstance(found, list):
            waiting += found
    return False
