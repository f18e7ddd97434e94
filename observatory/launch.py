"""Start the observatory on this machine: free port, database up to date, then Streamlit.

``make run`` calls ``python -m observatory.launch --port 8501``. What can go wrong before the first page
is said here in one French sentence, because Streamlit would say it in English or with a trace.
"""

from __future__ import annotations

import argparse
import errno
import ipaddress
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from observatory.config import current_settings
from observatory.errors import ConfigurationError, UserFacingError
from observatory.french.errors import describe_error

LOCAL_HOST = "127.0.0.1"
_PROJECT_ROOT = Path(__file__).resolve().parent.parent


def read_port(raw: str) -> int:
    """A TCP port in 1-65535; :class:`ConfigurationError` ``port`` for anything else.

    >>> read_port("8501")
    8501
    """
    if raw.isascii() and raw.isdigit() and 1 <= int(raw) <= 65535:
        return int(raw)
    raise ConfigurationError("port", key="PORT", value=raw)


def check_host(host: str, identity_header: str) -> None:
    """Raise :class:`ConfigurationError` ``host_shared`` for an address that other machines reach, unless
    somebody signs people on: whoever opens the application may write in the inventory.

    >>> check_host("127.0.0.1", ""), check_host("0.0.0.0", "X-Remote-User")
    (None, None)
    """
    if not identity_header and not _is_local(host):
        raise ConfigurationError("host_shared", key="HOST", value=host)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_port(host: str, port: int) -> None:
    """Raise ``port_in_use`` when another program listens there, ``port_refused`` when the system says no.

    :class:`ConfigurationError` ``host`` when the address is not one of this machine.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As Streamlit's own socket: a port left a second ago by the previous run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise UserFacingError("port_refused", host=host, port=port) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UserFacingError("port_in_use", port=port) from error
            raise ConfigurationError("host", key="HOST", value=host) from error


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 and one sentence when the address or the port cannot be had, the build's own code when it
    fails.

    On success the process becomes Streamlit and this function does not return.
    """
    parser = argparse.ArgumentParser(prog="python -m observatory.launch")
    parser.add_argument("--host", default=LOCAL_HOST)
    parser.add_argument("--port", default="8501")
    options = parser.parse_args(arguments)
    try:
        port = read_port(options.port)
        check_host(options.host, current_settings().identity_header)
        check_port(options.host, port)
    except UserFacingError as error:
        print(describe_error(error), file=sys.stderr)
        return 1
    build = subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", "build"], cwd=_PROJECT_ROOT, check=False
    )
    if build.returncode == 0:
        _become_streamlit(options.host, port)
    return build.returncode


def _become_streamlit(host: str, port: int) -> NoReturn:
    """Replace this process, so that Ctrl+C and a service manager's signals reach Streamlit itself."""
    os.chdir(_PROJECT_ROOT)
    options = {"address": host, "port": str(port), "headless": "true"}
    command = [sys.executable, "-m", "observatory.ui.serve", "run", "app.py"]
    os.execv(sys.executable, [*command, *(f"--server.{key}={value}" for key, value in options.items())])


if __name__ == "__main__":
    sys.exit(main())
