"""The local web server of the page of a watch.

It serves one page, its data and the reports of the runs, under a random token, to the loopback interface unless another address
is given. It is read-only but for the two actions of :class:`orchestrator.live.page_content.PageContent` that ``control`` allows.
"""

from __future__ import annotations

import contextlib
import hmac
import ipaddress
import json
import logging
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import cv2
import numpy as np

from orchestrator.errors import ConfigError, OrchestrateError
from orchestrator.io import frames as frame_files
from orchestrator.io.json_files import plain
from orchestrator.io.languages import preferred_language, translator
from orchestrator.live.page_content import PageContent
from orchestrator.live.page_words import PAGE_WORDS
from orchestrator.message import Message
from orchestrator.report.images import reduced
from orchestrator.report.render import asset, embedded_json, page
from orchestrator.report.same_pixels import stretched

__all__ = ["PageOptions", "serve"]

logger = logging.getLogger(__name__)

# Longest request body in bytes, and longest side of the picture of the last frame in pixels.
MOST_BYTES = 4096
FRAME_SIDE = 640
# A report below the folder of the runs.
REPORT = re.compile(r"/runs/([\w.+-]+)/artifacts/report\.html")
CONNECT = "; connect-src 'self'; img-src 'self' data:"


@dataclass(frozen=True)
class PageOptions:
    """Options of the page of a watch.

    Parameters
    ----------
    address : host and port; port 0 is any free one. Hosts other than the loopback interface make the page visible to everyone
        on that network who has its whole address.
    control : frames may be excluded from the full run on the page.
    """

    address: tuple[str, int] = ("127.0.0.1", 0)
    control: bool = False

    @classmethod
    def at(cls, text: str | None, *, control: bool = False) -> PageOptions:
        """For an address "HOST:PORT", "HOST" or None, the default. Raises ConfigError."""
        if text is None:
            return cls(control=control)
        host, _, port = text.rpartition(":") if re.fullmatch(r".*:\d+", text) else (text, "", "0")
        if not host.strip("[]") or int(port) > 65535:
            raise ConfigError(Message("{text} is not an address of a page.",
                                      text=text), "Give HOST:PORT, such as 127.0.0.1:8000.")
        return cls((host.strip("[]"), int(port)), control)


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextlib.contextmanager
def serve(content: PageContent, runs: Path, options: PageOptions) -> Iterator[str]:
    """Serve the page until the end of the block; yields its URL.

    Parameters
    ----------
    content : what the page shows.
    runs : the folder of the runs, whose reports are served.

    Raises
    ------
    ConfigError : the address cannot be used.
    """
    address = options.address
    token = secrets.token_urlsafe(16)
    handler = type("Handler", (_Handler,), {"content": content, "runs": runs, "token": token, "host": address[0]})
    try:
        server = (_Server6 if ":" in address[0] else _Server)(address, handler)
    except (OSError, UnicodeError) as error:
        raise ConfigError(Message("The page cannot be served at {address}:{address2}: {error}.", address=address[0],
                                  address2=address[1], error=error),
                          "Choose another --page-address, such as 127.0.0.1:0 for any free port.") from error
    thread = threading.Thread(target=server.serve_forever, name="page", daemon=True)
    thread.start()
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    try:
        yield f"http://{host}:{server.server_address[1]}/{token}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    content: ClassVar[PageContent]
    runs: ClassVar[Path]
    token: ClassVar[str]
    host: ClassVar[str]
    server_version, sys_version = "orchestrate", ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        path = self._path()
        if path is None:
            return
        report = self.content.report
        if path == "/" and report is not None:
            self._redirect(f"runs/{report.parent.parent.name}/artifacts/report.html")
        elif path in ("/", "/live"):
            script = asset("live_page.js")
            language = self._language()
            t = translator(language)
            text = page("live_page.html.j2", asset("report.css"), script, title=self.content.name, more=CONNECT,
                        language=language, t=t, words=embedded_json({word: t(word) for word in PAGE_WORDS}))
            self._send(text.encode(), "text/html; charset=utf-8")
        elif path == "/state.json":
            self._send(json.dumps(plain(self.content.state(translator(self._language())))).encode(), "application/json")
        elif path == "/preview.png" and (preview := self.content.preview) is not None:
            self._send_file(preview, "image/png")
        elif path == "/last.jpg" and (last := self.content.last_frame) is not None:
            self._send_frame(last)
        elif (match := REPORT.fullmatch(path)) and match[1].strip("."):
            self._send_file(self.runs / match[1] / "artifacts" / "report.html", "text/html; charset=utf-8")
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        path = self._path()
        if path is None:
            return
        # Another site can make a browser send a form, but not this type of content.
        if not self.content.control or self.headers.get("Content-Type") != "application/json":
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= MOST_BYTES or path not in ("/exclude", "/undo"):
                raise ValueError
            file = str(json.loads(self.rfile.read(length))["file"])
        except (ValueError, KeyError, TypeError):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        done = self.content.exclude(file, undo=path == "/undo")
        self._send(json.dumps({"done": done}).encode(), "application/json")

    def _language(self) -> str:
        return preferred_language(self.headers.get("Accept-Language", ""))

    def _path(self) -> str | None:
        """The path behind the token; None if the request was refused."""
        path = unquote(urlsplit(self.path).path)
        start, _, rest = path[1:].partition("/")
        if not self._is_own_host() or not hmac.compare_digest(start.encode(), self.token.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        if not path.startswith(f"/{self.token}/"):  # relative addresses on the page need the slash
            self._redirect(f"/{self.token}/")
            return None
        return f"/{rest}"

    def _is_own_host(self) -> bool:
        """Whether the request names this server: a name of another site that resolves to this address is refused."""
        name = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        if name in ("localhost", self.host):
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(name) is not None
        return False

    def _send_frame(self, path: Path) -> None:
        try:
            with frame_files.opened(path) as frame:
                # At most half of the size, so that the colours of a mosaic are averaged.
                pixels = stretched([reduced(frame, min(FRAME_SIDE, max(frame.shape[-2:]) // 2))])[0]
            upright = np.ascontiguousarray(pixels if self.content.top_down else pixels[::-1])
            self._send(cv2.imencode(".jpg", upright)[1].tobytes(), "image/jpeg")
        except (OrchestrateError, OSError):
            self._refuse(HTTPStatus.NOT_FOUND)

    def _send_file(self, path: Path, kind: str) -> None:
        try:
            self._send(path.read_bytes(), kind)
        except OSError:
            self._refuse(HTTPStatus.NOT_FOUND)

    def _redirect(self, where: str) -> None:
        self._send(b"", "text/plain", HTTPStatus.FOUND, Location=where)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what is left of the request is not read
        self._send(f"{status.value} {status.phrase}\n".encode(), "text/plain", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> None:
        self.send_response(status)
        fixed = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store",
                 "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
                 **({"Connection": "close"} if self.close_connection else {})}
        for name, value in {**fixed, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug("page: %s", (format % args).replace(self.token, "TOKEN"))
