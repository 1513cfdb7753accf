"""The real nginx with the project's configuration, before a small web process that only knows who is logged in."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import quote

import pytest

from scripts.console import ROOT
from scripts.system_tools import find_nginx
from tests.services import free_port

CONFIGURATION = ROOT / "docker" / "proxy" / "affectory.conf.template"
LOGGED_IN = {"Cookie": "session=somebody"}
VIDEO = bytes(range(256)) * 40


class WebProcess(ThreadingHTTPServer):
    """Answers /media/NAME as the application does: 403 to strangers, else the name of the file for nginx to send."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[dict[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: WebProcess

    def do_GET(self) -> None:
        self.server.seen.append(dict(self.headers.items()))
        if not self.path.startswith("/media/"):
            self._answer(200, {"Content-Type": "text/plain"}, b"from the web process")
        elif "Cookie" not in self.headers:
            self._answer(403, {"Content-Type": "application/json"}, b'{"code": "not_logged_in"}')
        else:
            name = self.path.removeprefix("/media/")
            kept = {"X-Accel-Redirect": f"/protected/{name}", "Content-Type": "video/mp4"}
            self._answer(200, {**kept, "Cache-Control": "private, max-age=3600"}, b"")

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *what: object) -> None:
        pass


@dataclass
class Proxy:
    """A running nginx: its port, the folder of its media, the web process behind it."""

    port: int
    media: Path
    web: WebProcess
    connections: list[HTTPConnection] = field(default_factory=list)

    def get(self, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.connections.append(connection)
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse()


@pytest.fixture(scope="module")
def nginx() -> Path:
    found = find_nginx()
    if found is None:
        pytest.skip("nginx is not installed (Debian: apt install nginx)")
    return found


@pytest.fixture(scope="module")
def web_process() -> Iterator[WebProcess]:
    web = WebProcess()
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield web
    web.shutdown()
    web.server_close()
    thread.join()


@pytest.fixture(scope="module")
def proxy(nginx: Path, web_process: WebProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Run nginx on a free port with the configuration that the image gets."""
    folder = tmp_path_factory.mktemp("proxy")
    media, ui = folder / "media", folder / "ui"
    (media / "episodes" / "第 1 集").mkdir(parents=True)
    (media / "episodes" / "video.mp4").write_bytes(VIDEO)
    (media / "episodes" / "第 1 集" / "video.mp4").write_bytes(VIDEO)
    (folder / "secret_key").write_text("beside the media, never to be sent")
    (ui / "assets").mkdir(parents=True)
    (ui / "assets" / "index-abc123.js").write_text("console.log(1)")
    port = free_port()
    server = Template(CONFIGURATION.read_text()).safe_substitute(
        AFFECTORY_LISTEN=f"127.0.0.1:{port}",
        AFFECTORY_UPSTREAM=f"http://127.0.0.1:{web_process.server_port}",
        AFFECTORY_RESOLVER="127.0.0.1",  # never asked: the upstream is an address
        AFFECTORY_UI_FOLDER=str(ui),
        AFFECTORY_MEDIA_FOLDER=str(media),
    )
    settings = folder / "nginx.conf"
    settings.write_text(_main_configuration(folder, server))
    command = [str(nginx), "-c", str(settings), "-e", str(folder / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    running = Proxy(port, media, web_process)
    try:
        _wait_until_it_answers(running, folder / "error.log")
        yield running
    finally:
        for connection in running.connections:
            connection.close()
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _main_configuration(folder: Path, server: str) -> str:
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of a test are its user's own
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    return (
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events { worker_connections 64; }\n"
        f"http {{ access_log off; default_type application/octet-stream;\n{temporary}\n{server}\n}}\n"
    )


def _wait_until_it_answers(running: Proxy, log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            running.get("/proxy-health").read()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"nginx did not answer:\n{log.read_text()}")


def media_path(*parts: str) -> str:
    """Return the public path of a file, quoted as the application quotes it."""
    return "/media/" + "/".join(quote(part) for part in parts)
