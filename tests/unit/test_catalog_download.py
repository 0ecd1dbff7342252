"""`orchestrate catalog get` against a local server: resumed, checked, unpacked, and what goes wrong is named."""

from __future__ import annotations

import bz2
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from click.testing import CliRunner

from orchestrator.catalogs import download
from orchestrator.catalogs.download import SOURCES, Source, fetch
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, RunError

CONTENT = np.random.default_rng(1).bytes(3_000_000)


class Server(ThreadingHTTPServer):
    """Serves ``files``; ``cut`` is the number of bytes after which the next answer ends; ``ranges``: it continues downloads."""

    files: dict[str, bytes]
    cut = 0
    ranges = True
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        asked = self.headers.get("Range", "")
        self.server.asked.append(asked)
        if content is None:
            self.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        if start >= len(content) > 0:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = start + self.server.cut if self.server.cut else len(content)
        self.server.cut = 0
        self.wfile.write(content[start:end])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server(("127.0.0.1", 0), Handler)
    found.files, found.asked = {}, []
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}/stars"


def packed(server: Server) -> Source:
    """A catalog that is one compressed file on the server."""
    server.files["/stars/a.dat.bz2"] = data = bz2.compress(CONTENT, 1)
    return Source("a test", address(server), "a.dat.bz2", len(data), len(CONTENT), "bz2", target="a.dat")


def debian_package(names: dict[str, bytes]) -> bytes:
    def member(name: str, content: bytes) -> bytes:
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        return head + content + b"\n" * (len(content) % 2)

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as archive:
        for name, content in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return b"!<arch>\n" + b"".join(member(*m) for m in (
        ("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"), ("data.tar.xz", stream.getvalue())))


def test_an_interrupted_download_is_continued_where_it_ended(server: Server, tmp_path: Path) -> None:
    source = packed(server)
    server.cut = 1_200_000
    with pytest.raises(RunError, match="was interrupted") as error:
        fetch(source, tmp_path)
    assert "1 MiB are kept; the same command continues" in error.value.remedy
    kept = (tmp_path / "a.dat.bz2.part").stat().st_size
    assert 0 < kept < source.size and not (tmp_path / "a.dat").exists()
    told: list[tuple[int, int]] = []
    assert fetch(source, tmp_path, progress=lambda done, total: told.append((done, total))) == [tmp_path / "a.dat"]
    assert server.asked == ["", f"bytes={kept}-"] and told[-1] == (source.size, source.size) and told[0][0] > kept
    assert (tmp_path / "a.dat").read_bytes() == CONTENT and [p.name for p in tmp_path.iterdir()] == ["a.dat"]


def test_a_server_that_cannot_continue_sends_all_again(server: Server, tmp_path: Path) -> None:
    source, server.ranges = packed(server), False
    (tmp_path / "a.dat.bz2.part").write_bytes(b"x" * 1000)
    fetch(source, tmp_path)
    assert (tmp_path / "a.dat").read_bytes() == CONTENT


def test_a_complete_download_that_was_not_unpacked_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    source = packed(server)
    (tmp_path / "a.dat.bz2.part").write_bytes(server.files["/stars/a.dat.bz2"])
    fetch(source, tmp_path)
    assert (tmp_path / "a.dat").read_bytes() == CONTENT


@pytest.mark.parametrize(("change", "problem"), [
    ({"sha256": "0" * 64}, "has the SHA-256"), ({"unpacked": 5}, "bytes instead of 5"), ({"file": "none"}, "answers 404"),
    ({"kind": "deb"}, "not a Debian package")])
def test_what_is_wrong_is_refused_and_not_kept(server: Server, tmp_path: Path, change: dict[str, object], problem: str) -> None:
    with pytest.raises(RunError, match=problem):
        fetch(replace(packed(server), **change), tmp_path)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_damaged_byte_is_found_without_a_known_sum(server: Server, tmp_path: Path) -> None:
    source = packed(server)
    data = bytearray(server.files["/stars/a.dat.bz2"])
    data[len(data) // 2] ^= 1
    server.files["/stars/a.dat.bz2"] = bytes(data)
    with pytest.raises(RunError):
        fetch(source, tmp_path)
    assert not (tmp_path / "a.dat").exists()


def test_a_database_is_fetched_from_a_mirror_by_one_command(server: Server, tmp_path: Path) -> None:
    package = debian_package({"./opt/astap/d05_0101.1476": b"stars", "./opt/astap/d05_0201.1476": b"more",
                              "./usr/doc/readme": b"no"})
    server.files["/stars/d05_star_database.deb"] = package
    words = ["catalog", "get", "d05", "--mirror", address(server), "--folder", str(tmp_path / "astap")]
    wrong = CliRunner().invoke(cli, words)
    assert isinstance(wrong.exception, RunError) and "SHA-256" in wrong.exception.message
    done = CliRunner().invoke(cli, [*words, "--sha256", hashlib.sha256(package).hexdigest()])
    assert done.exit_code == 0 and "2 files in" in done.output and "100 %" in done.output, done.output
    found = {p.name: p.read_bytes() for p in (tmp_path / "astap").iterdir()}
    assert found == {"d05_0101.1476": b"stars", "d05_0201.1476": b"more"}


def test_a_full_disk_a_wrong_address_and_an_unknown_name_are_named(server: Server, tmp_path: Path) -> None:
    full = mock.patch.object(download.shutil, "disk_usage", return_value=mock.Mock(free=1000))
    with full, pytest.raises(RunError, match="MiB free"):
        fetch(packed(server), tmp_path)
    with pytest.raises(ConfigError, match="is not an address"):
        fetch(packed(server), tmp_path, mirror="/home/stars")
    with pytest.raises(RunError, match="was interrupted"):
        fetch(packed(server), tmp_path, mirror="http://127.0.0.1:1")
    unknown = CliRunner().invoke(cli, ["catalog", "get", "d99"])
    assert isinstance(unknown.exception, ConfigError) and "d05" in unknown.exception.remedy
    listed = CliRunner().invoke(cli, ["catalog", "get"])
    assert listed.exit_code == 0 and all(name in listed.output for name in SOURCES)
    assert all(s.url.startswith("https://") and (len(s.sha256) == 64 or s.kind == "bz2") for s in SOURCES.values())
