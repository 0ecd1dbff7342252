"""The page of a watch: who may read it, what it serves, and what can be done on it."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, ExitCode
from orchestrator.io.languages import translator
from orchestrator.live.page_content import PageContent
from orchestrator.live.page_server import PageOptions, serve
from orchestrator.live.page_words import PAGE_WORDS
from orchestrator.message import Message, packed_texts
from orchestrator.pipeline.result import RunResult
from orchestrator.report.render import asset

JSON = {"Content-Type": "application/json"}


class Client:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.base = parts.hostname or "", parts.port or 0, parts.path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def get(self, name: str = "", **headers: str) -> tuple[int, bytes, dict[str, str]]:
        return self.ask(self.base + name, **headers)

    def post(self, name: str, content: Any, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        return self.ask(self.base + name, "POST", json.dumps(content).encode(), **{**JSON, **headers})


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A live stack of three frames, one of them left out, and the light that arrived last."""
    live = tmp_path / "runs" / "live"
    (live / "artifacts").mkdir(parents=True)
    (live / "outputs").mkdir()
    frames = [{"file": str(tmp_path / f"{k}.fits"), "reason": "clouds" if k == 1 else "", "weight": 1.0, "fwhm_px": 3.0 + k,
               "time": "", "stars": 40, "transparency": float("nan")} for k in range(3)]
    (live / "artifacts" / "live.json").write_text(json.dumps({"exposure_s": 120.0, "frames": frames, "top_down": True}))
    cv2.imwrite(str(live / "outputs" / "preview.png"), np.zeros((8, 8), np.uint8))
    fits.writeto(tmp_path / "2.fits", np.random.default_rng(1).normal(100, 5, (40, 60)).astype(np.float32))
    return tmp_path / "runs"


def content_of(runs: Path, *, control: bool = False) -> PageContent:
    content = PageContent("M 31", control=control)
    content.listen({"event": "watch_start", "directory": str(runs / "live")})
    content.listen({"event": "frame", "path": str(runs.parent / "2.fits"), "stacked": 2, "left_out": 1, "waiting": 0})
    content.listen({"event": "warning", "message": "<b>Clouds</b>"})
    return content


@pytest.fixture
def client(runs: Path) -> Iterator[Client]:
    with serve(content_of(runs), runs, PageOptions()) as url:
        yield Client(url)


def test_the_page_its_data_and_its_pictures_are_served(client: Client) -> None:
    status, body, headers = client.get()
    assert status == 200 and b"M 31" in body and headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer" and b"//" not in body.split(b"<script>")[0]
    state = json.loads(client.get("state.json")[1])
    assert (state["stacked"], state["left_out"], state["state"], state["control"]) == (2, 1, "watching", False)
    assert [f["name"] for f in state["frames"]] == ["0.fits", "1.fits", "2.fits"] and state["warnings"] == ["<b>Clouds</b>"]
    assert state["frames"][0]["transparency"] is None  # JSON has no NaN
    assert client.get("preview.png?1")[1].startswith(b"\x89PNG")
    last = cv2.imdecode(np.frombuffer(client.get("last.jpg")[1], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert last is not None and last.shape == (20, 30)


@pytest.mark.parametrize("path", ["/", "/state.json", "/wrong/state.json", "//", "/%2e%2e/"])
def test_nothing_is_served_without_the_token(client: Client, path: str) -> None:
    assert client.ask(path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", ""])
def test_a_name_of_another_site_is_refused(client: Client, host: str) -> None:
    assert client.get("state.json", Host=host)[0] == 404
    assert client.get("state.json", Host=f"localhost:{client.port}")[0] == 200


@pytest.mark.parametrize("name", [
    "runs/../../secret/artifacts/report.html", "runs/../artifacts/report.html", "runs/%2e%2e/artifacts/report.html",
    "runs/live/artifacts/live.json", "runs/live/../live/artifacts/report.html", "../../etc/passwd",
    "runs/%2Fetc/artifacts/report.html"])
def test_only_reports_below_the_folder_of_the_runs_are_served(client: Client, runs: Path, name: str) -> None:
    for folder in (runs.parent / "secret", runs.parent):
        (folder / "artifacts").mkdir(parents=True, exist_ok=True)
        (folder / "artifacts" / "report.html").write_text("secret")
    status, body, _ = client.get(name)
    assert status == 404 and b"secret" not in body


def test_without_control_nothing_can_be_changed(client: Client, runs: Path) -> None:
    assert client.post("exclude", {"file": str(runs.parent / "0.fits")})[0] == 403


def test_a_frame_is_left_out_of_the_full_stack_and_taken_back(runs: Path) -> None:
    content, (first, refused) = content_of(runs, control=True), (str(runs.parent / f"{k}.fits") for k in (0, 1))
    with serve(content, runs, PageOptions(control=True)) as url:
        client = Client(url)
        assert json.loads(client.post("exclude", {"file": first})[1]) == {"done": True}
        assert [e.frame for e in content.without_excluded(RunConfig()).stacking.exclude] == [first]
        assert json.loads(client.get("state.json")[1])["frames"][0]["excluded"] is True
        for other in (refused, "/no/such.fits"):  # not in the stack
            assert json.loads(client.post("exclude", {"file": other})[1]) == {"done": False}
        assert json.loads(client.post("undo", {"file": first})[1]) == {"done": True}
        assert content.without_excluded(RunConfig()).stacking.exclude == []


@pytest.mark.parametrize(("headers", "body", "status"), [
    ({"Content-Type": "application/x-www-form-urlencoded"}, b'{"file": "a"}', 403), ({"Content-Type": "text/plain"}, b"{}", 403),
    (JSON, b"nonsense", 400), (JSON, b"[]", 400), (JSON, b'{"file": "' + b"a" * 5000 + b'"}', 400)])
def test_a_form_of_another_site_and_nonsense_are_refused(runs: Path, headers: dict[str, str], body: bytes, status: int) -> None:
    with serve(content_of(runs, control=True), runs, PageOptions(control=True)) as url:
        client = Client(url)
        assert client.ask(client.base + "exclude", "POST", body, **headers)[0] == status
        assert client.ask(client.base + "state.json", "POST", b'{"file": "a"}', **JSON)[0] == 400


def test_the_report_of_the_full_stack_is_at_the_same_address(runs: Path) -> None:
    content = content_of(runs)
    report = runs / "full" / "artifacts" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("the report")
    content.listen({"event": "run_start", "directory": str(runs / "full"), "phases": ["STACKING", "REPORT"]})
    content.listen({"event": "phase_start", "phase": "STACKING"})
    with serve(content, runs, PageOptions()) as url:
        client = Client(url)
        state = json.loads(client.get("state.json")[1])
        assert state["state"] == "stacking" and state["progress"]["step"] == "writing the stack" and state["report"] is None
        assert client.get()[0] == 200
        content.end(RunResult("ok", ExitCode.OK, runs / "full"))
        status, _, headers = client.get()
        assert status == 302 and client.get(headers["Location"])[1] == b"the report"
        assert client.get("live")[0] == 200 and json.loads(client.get("state.json")[1])["report"] == "full"


def test_an_error_is_shown_with_its_remedy(runs: Path) -> None:
    content = content_of(runs)
    content.end(RunResult("failed", ExitCode.FAILED, Path(), error=ConfigError("No stars.", "Check the focus.")))
    assert content.state()["state"] == "failed" and "Check the focus." in content.state()["error"]


@pytest.mark.parametrize(("text", "address"), [
    (None, ("127.0.0.1", 0)), ("127.0.0.1:8000", ("127.0.0.1", 8000)), ("0.0.0.0", ("0.0.0.0", 0)), ("[::1]:80", ("::1", 80))])
def test_addresses(text: str | None, address: tuple[str, int]) -> None:
    assert PageOptions.at(text).address == address


@pytest.mark.parametrize("text", [":8000", "127.0.0.1:70000", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="HOST:PORT"):
        PageOptions.at(text)


def test_an_address_in_use_is_named(runs: Path) -> None:
    with serve(content_of(runs), runs, PageOptions()) as url:
        port = urlsplit(url).port or 0
        with pytest.raises(ConfigError, match=str(port)), serve(content_of(runs), runs, PageOptions(("127.0.0.1", port))):
            pass


def test_the_page_speaks_the_language_of_the_browser(runs: Path) -> None:
    content = PageContent("M31")
    content.listen({"event": "watch_start", "directory": str(runs / "live")})
    message = Message("{path} is left out: {reason}", path="3.fits", reason=Message("it cannot be read: {error}", error="x"))
    content.listen({"event": "warning", "message": message, "texts": packed_texts(message=message)})
    with serve(content, runs, PageOptions()) as url:
        german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
        page = Client(url).get(**german)[1].decode()
        assert '<html lang="de">' in page and "Noch ist kein Bild angekommen." in page
        assert "Warnings" not in page.split("<script")[0]
        state = json.loads(Client(url).get("state.json", **german)[1])
        assert state["warnings"] == ["3.fits wird weggelassen: es kann nicht gelesen werden: x"]
        assert json.loads(Client(url).get("state.json")[1])["warnings"] == [message]
        french = json.loads(Client(url).get("state.json", **{"Accept-Language": "pt, fr;q=0.8, de;q=nonsense"})[1])
        assert french["warnings"] == ["3.fits est laissé de côté : il ne peut pas être lu : x"]


def test_all_words_of_the_page_can_be_translated() -> None:
    used = {a or b for name in ("live_page.js", "live_page.html.j2")
            for a, b in re.findall(r"\bt\(\"([^\"]+)\"|\bt\('([^']+)'", asset(name))}
    assert used == set(PAGE_WORDS)
    assert all(translator(language)(word) != word for language in ("de", "fr") for word in PAGE_WORDS
               if word not in ("FWHM (px)", "transparency"))
