"""Starting: refused in one French sentence before anything is built, and open to other machines only when
somebody signs people on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from observatory.config import PROJECT_ROOT, read_settings
from observatory.errors import ConfigurationError, UserFacingError
from observatory.launch import check_host, check_port, read_port

HEADER = "X-Remote-User"
NNBSP = "\u202f"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_this_machine_alone_needs_nobody_to_sign_people_on(host):
    check_host(host, "")
    check_host(host, HEADER)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "observatoire.exemple.fr", "", "0"])
def test_an_address_that_others_reach_needs_a_sign_on(host):
    with pytest.raises(ConfigurationError) as caught:
        check_host(host, "")
    assert caught.value.code == "host_shared"
    check_host(host, HEADER)


@pytest.mark.parametrize("raw", ["", "0", "65536", "-1", "8501.0", "٨", "port"])
def test_a_port_is_a_number_of_the_system(raw):
    with pytest.raises(ConfigurationError) as caught:
        read_port(raw)
    assert caught.value.code == "port"
    assert read_port("65535") == 65535


def test_a_port_that_is_taken_is_said_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        with pytest.raises(UserFacingError) as caught:
            check_port("127.0.0.1", taken.getsockname()[1])
    assert caught.value.code == "port_in_use"


@pytest.mark.parametrize("name", ["X Remote User", "X-User:", "é", "a\nb", "x" * 61])
def test_a_header_that_no_proxy_can_send_is_refused(name):
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"OBSERVATOIRE_ENTETE_IDENTITE": name})
    assert caught.value.code == "header_name"


def test_the_header_is_read_from_its_setting_and_is_nobody_by_default():
    assert read_settings({}).identity_header == ""
    assert read_settings({"OBSERVATOIRE_ENTETE_IDENTITE": f" {HEADER} "}).identity_header == HEADER


def launch(var_dir: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "observatory.launch", *words],
        cwd=PROJECT_ROOT,
        env={**os.environ, "OBSERVATOIRE_VAR_DIR": str(var_dir), **environ},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_without_a_sign_on_the_command_says_why_it_does_not_start_and_builds_nothing(tmp_path):
    done = launch(tmp_path / "var", "--host", "0.0.0.0", "--port", "8501")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"HOST vaut «{NNBSP}0.0.0.0{NNBSP}»")
    assert "OBSERVATOIRE_ENTETE_IDENTITE" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "var").exists()


def test_with_a_sign_on_the_address_is_accepted_and_what_is_wrong_is_the_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        done = launch(
            tmp_path / "var",
            "--host",
            "0.0.0.0",
            "--port",
            port,
            OBSERVATOIRE_ENTETE_IDENTITE=HEADER,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Le port {port} est déjà pris")


def test_with_a_sign_on_an_address_of_another_machine_is_still_refused(tmp_path):
    done = launch(tmp_path / "var", "--host", "192.0.2.1", OBSERVATOIRE_ENTETE_IDENTITE=HEADER)
    assert done.returncode == 1
    assert "n’est pas une adresse de cette machine" in done.stderr.replace(NNBSP, " ")


def test_a_wrong_header_name_is_one_sentence_too(tmp_path):
    done = launch(tmp_path / "var", OBSERVATOIRE_ENTETE_IDENTITE="X User")
    assert done.returncode == 1
    assert "n’est pas un nom d’en-tête" in done.stderr
    assert done.stderr.count("\n") == 1
