"""What the standard library raises when a file that somebody gave is damaged."""

from __future__ import annotations

import struct
import zipfile
import zlib

READING_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""Besides the errors of the library that reads the file."""
