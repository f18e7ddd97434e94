"""The cross-matching has settings of its own, refused by the name of their key."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.config import Settings, read_linkage_settings
from observatory.errors import ConfigurationError


def test_the_key_never_appears_when_the_settings_are_printed():
    settings = read_linkage_settings({"OBSERVATOIRE_CROISEMENT_CLE": "ab" * 32})
    assert settings.key == b"\xab" * 32
    assert "ab" not in repr(settings).replace("linkage", "")


@pytest.mark.parametrize("value", ["motdepasse", "ab" * 31, "ab" * 32 + "a", "zz" * 32])
def test_a_weak_or_misspelt_key_is_refused_without_being_repeated(value):
    with pytest.raises(ConfigurationError) as refused:
        read_linkage_settings({"OBSERVATOIRE_CROISEMENT_CLE": value})
    assert refused.value.params == {"key": "OBSERVATOIRE_CROISEMENT_CLE"}


def test_the_working_files_lie_beside_the_database_unless_told_otherwise():
    assert read_linkage_settings({"OBSERVATOIRE_VAR_DIR": "/x"}).working_dir == Path("/x/croisement")
    assert read_linkage_settings({"OBSERVATOIRE_CROISEMENT_DIR": "/y"}).working_dir == Path("/y")


def test_the_settings_of_the_application_know_nothing_of_it():
    assert not {"working_dir", "key"} & set(Settings.__dataclass_fields__)
