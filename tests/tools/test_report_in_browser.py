"""The report in a real browser: it opens from disk without errors or network, and what can be clicked works."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator import RunConfig, run
from orchestrator.api.inspection import inspect
from orchestrator.api.inspection_page import write_inspection
from orchestrator.report.compare import compare, write_comparison
from orchestrator.report.write import write_report

SECTIONS = ("summary", "warnings", "checks", "timeline", "frames", "normalization", "metrics", "stars", "registration", "tiles",
            "usage", "coverage", "clusters", "background", "colour", "wcs", "validation", "growth", "configuration", "methods",
            "provenance")
HOSTILE = "</script><img src=x onerror=\"document.title='broken'\"><!--<script>"


@pytest.fixture(scope="session")
def finished(simulated: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with colours, clusters and a file that was refused, whose name is none."""
    source, _ = simulated("demo", n_frames=10)
    folder = Path(shutil.copytree(source, tmp_path_factory.mktemp("session") / source.name))
    (folder / "lights" / "broken.fit").write_bytes(b"no FITS at all")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "clustering": {"enabled": True},
                                       "input": {"min_frames_clustering": 5, "object": None}})
    result = run(folder, config, runs_dir=tmp_path_factory.mktemp("report"), run_id="night")
    (folder / "lights" / "broken.fit").unlink()
    assert result.status == "ok", result.error
    return result.directory


class Page:
    """A page of the browser, and what it complained of or asked for."""

    def __init__(self, browser: Any, path: Path, ready: str = "html[data-ready]", **options: Any) -> None:
        self.page = browser.new_page(**options)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.resolve().as_uri())
        self.page.wait_for_selector(ready, timeout=10_000)

    def check(self, path: Path) -> None:
        assert self.complaints == []
        assert [u for u in self.asked if not u.startswith("data:")] == [path.resolve().as_uri()]

    def sum(self, selector: str) -> str:
        return str(self.page.eval_on_selector(selector, "c => c.dataset.sum"))


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def make(path: Path, **options: Any) -> Page:
        pages.append(Page(browser, path, **options))
        return pages[-1]

    yield make
    for page in pages:
        page.page.close()


@pytest.fixture(params=[
    ("light", 1360), ("dark", 390), *(pytest.param(p, marks=pytest.mark.slow) for p in (("dark", 1360), ("light", 390)))],
    ids=lambda p: f"{p[0]}-{p[1]}")
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    scheme, width = request.param
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 844}}


def test_every_section_is_there_in_every_look(finished: Path, open_page: Any, look: dict[str, Any], tmp_path: Path) -> None:
    report = finished / "artifacts" / "report.html"
    page = open_page(report, **look)
    assert [s.get_attribute("id") for s in page.page.query_selector_all("main > section")] == list(SECTIONS)
    for holder in page.page.query_selector_all("[data-figure]"):
        assert holder.query_selector("svg, canvas, .row") is not None, holder.get_attribute("aria-label")
        assert holder.get_attribute("aria-label")
    # No part of the page sticks out to the side.
    assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    colours = page.page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    light = [sum(map(int, c.removeprefix("rgb(").rstrip(")").split(", "))) for c in colours]
    assert (light[0] < 200 < 500 < light[1]) if look["color_scheme"] == "dark" else (light[1] < 200 < 700 < light[0])
    page.page.screenshot(path=str(tmp_path / "report.png"), full_page=True)
    page.check(report)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_nothing_stands_in_the_way_of_a_screen_reader(finished: Path, open_page: Any, scheme: str) -> None:
    """axe-core's rules on names, roles, headings, tables and contrast, for the page as it opens and with a frame chosen."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(finished / "artifacts" / "report.html", color_scheme=scheme)
    page.page.locator("#frames tbody tr").nth(2).click()
    page.page.locator(".picture img").first.click()
    found = Axe().run(page.page).response
    assert len(found["passes"]) > 40
    assert [(v["id"], v["nodes"][0]["html"][:100]) for v in found["violations"]] == []


def test_the_divider_follows_keys_and_the_pointer(finished: Path, open_page: Any) -> None:
    page = open_page(finished / "artifacts" / "report.html")
    over, slider = page.page.locator(".wipe .over"), page.page.locator(".wipe input")
    assert over.evaluate("e => e.style.clipPath") == "inset(0px 0px 0px 50%)"
    slider.focus()
    page.page.keyboard.press("End")
    assert over.evaluate("e => e.style.clipPath") == "inset(0px 0px 0px 100%)"
    page.page.locator(".wipe .hold").scroll_into_view_if_needed()
    box = page.page.locator(".wipe .hold").bounding_box()
    page.page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    assert slider.input_value() == "25"


def test_every_plot_has_titles_on_its_axes(finished: Path, open_page: Any) -> None:
    page = open_page(finished / "artifacts" / "report.html")
    script = "all => all.map(s => [...s.querySelectorAll('.title')].map(t => t.textContent))"
    titles = page.page.eval_on_selector_all(".plot svg", script)
    assert len(titles) > 15 and all(len(t) == 2 and all(t) for t in titles), titles


def test_the_slider_moves_the_heat_map(finished: Path, open_page: Any) -> None:
    page = open_page(finished / "artifacts" / "report.html")
    canvas, slider = ".kind-tiles canvas:not(.ramp)", page.page.locator(".kind-tiles input[type=range]")
    before, name = page.sum(canvas), page.page.inner_text(".kind-tiles .current")
    slider.focus()
    page.page.keyboard.press("ArrowRight")
    assert page.sum(canvas) != before and page.page.inner_text(".kind-tiles .current") != name
    assert slider.get_attribute("aria-valuetext") == page.page.inner_text(".kind-tiles .current")
    # The frame of the slider is the chosen one everywhere, and the other way round.
    assert page.page.locator("#frames tr.chosen").count() == 1
    moved = page.sum(canvas)
    page.page.locator("#frames tbody tr").nth(5).click()
    assert page.sum(canvas) != moved and slider.input_value() == "5"
    page.page.select_option(".kind-tiles select", label="FWHM")
    assert page.sum(canvas) not in (before, moved)


def test_the_table_sorts_and_finds(finished: Path, open_page: Any) -> None:
    page = open_page(finished / "artifacts" / "report.html")
    rows = json.loads((finished / "artifacts" / "report.json").read_text())["frames"]
    wanted = sorted(r["fwhm"] for r in rows if r["fwhm"] is not None)
    heading = page.page.get_by_role("button", name="FWHM (px)", exact=True)

    def column() -> list[float]:
        found = page.page.eval_on_selector_all("#frames tbody tr", "rows => rows.map(r => r.cells[5].dataset.value)")
        assert found[-1] is None  # the broken file has no FWHM and comes last, either way
        return [float(v) for v in found if v is not None]

    heading.click()
    assert column() == pytest.approx(wanted)
    assert page.page.locator("#frames th[aria-sort=ascending]").inner_text().startswith("FWHM (px)")
    heading.click()
    assert column() == pytest.approx(wanted[::-1])
    page.page.fill("#frame-filter", "broken")
    assert page.page.locator("#frames tbody tr:visible").count() == 1
    assert "1 of 11" in page.page.inner_text("#frame-count")


def test_a_click_in_a_plot_or_the_picture_finds_frames(finished: Path, open_page: Any) -> None:
    page = open_page(finished / "artifacts" / "report.html")
    dot = page.page.locator("#stars .kind-series circle.dot").nth(3)
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    page.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.page.locator("#frames tr.chosen").get_attribute("data-frame") == "3"
    assert page.page.locator("#chosen").is_visible()
    page.page.keyboard.press("ArrowRight")
    assert page.page.locator("#frames tr.chosen").get_attribute("data-frame") == "4"
    page.page.locator("#chosen .after").click()
    assert page.page.locator("#frames tr.chosen").get_attribute("data-frame") == "5"
    page.page.locator(".picture img").first.click()
    assert page.page.locator(".picture .ranking tbody tr").count() == 8
    assert page.page.locator(".cross").first.is_visible()
    # The middle of the picture is the middle of the canvas of 600 x 400 px.
    command = page.page.inner_text(".picture .ranking pre")
    assert re.fullmatch(r"orchestrate inspect \S+/night --at (299|300),(199|200)", command), command
    assert "have the highest weight" in page.page.inner_text(".picture .ranking")
    page.page.locator(".picture .ranking button", has_text="Copy").click()
    page.page.locator(".picture .ranking button", has_text=re.compile("Copied|Selected")).wait_for()
    page.check(finished / "artifacts" / "report.html")


def test_what_comes_from_headers_is_text_only(finished: Path, open_page: Any) -> None:
    """Names and reasons that look like markup stay words, in the page and in the data of its figures."""
    artifacts = finished / "artifacts"
    kept = {p: p.read_text() for p in (artifacts / "registration.json", artifacts / "scan_input.json")}
    try:
        for path, text in kept.items():
            content = json.loads(text)
            for frame in content["frames"] if path.name == "registration.json" else content["frames"]["light"]:
                for key in ("file", "path"):
                    if key in frame:
                        frame["object"] = HOSTILE
                        frame[key] = frame[key].replace("light_", HOSTILE.replace("/", "\\"))
            content.get("excluded", [{}])[0]["reason"] = HOSTILE
            path.write_text(json.dumps(content))
        report = write_report(finished)
        page = open_page(report)
        assert page.page.title() == f"{HOSTILE}: ok" and page.page.inner_text("h1").startswith(HOSTILE)
        assert page.page.query_selector("img[src=x]") is None
        page.page.locator("#frames tbody tr").nth(1).click()
        page.page.locator(".picture img").first.click()
        assert "onerror" in page.page.inner_text("#chosen") and "onerror" in page.page.inner_text(".kind-tiles .ranking")
        page.check(report)
    finally:
        for path, text in kept.items():
            path.write_text(text)
        write_report(finished)


@pytest.mark.slow
def test_the_pages_of_compare_and_inspect_work(finished: Path, simulated: Any, open_page: Any, tmp_path: Path) -> None:
    other = run(simulated("demo", n_frames=10)[0], RunConfig.model_validate({
        "engine": {"name": "native"}, "weights": {"mode": "uniform"}}), runs_dir=tmp_path, run_id="other").directory
    path = write_comparison(compare(finished, other), tmp_path / "compare.html")
    page = open_page(path, viewport={"width": 390, "height": 800})
    clip = "document.getElementById('picture-1').style.clipPath"
    shown = page.page.evaluate(clip)
    page.page.get_by_role("button", name="other").click()
    assert page.page.evaluate(clip) != shown and page.page.input_value("#wipe") == "100"
    page.page.fill("#wipe", "40")
    assert "60%" in page.page.evaluate(clip)
    assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert "weights.mode" in page.page.inner_text("main")
    page.check(path)
    path = write_inspection(inspect(other, (280, 180, 310, 210)), "other", tmp_path / "inspect.html", 5)
    page = open_page(path, ready="main")
    assert page.page.eval_on_selector_all("img.crop", "all => all.every(i => i.naturalWidth > 90)")
    assert page.page.locator("tbody tr").count() == 5
    page.check(path)


def test_a_run_that_failed_has_a_report(simulated: Any, open_page: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "selection": {"where": "fwhm < 0.1"}})
    result = run(folder, config, runs_dir=tmp_path, run_id="few")
    assert result.status == "failed"
    report = result.directory / "artifacts" / "report.html"
    page = open_page(report)
    assert [s.get_attribute("id") for s in page.page.query_selector_all("main > section")] == list(SECTIONS)
    assert "leaves 0 of 8 frames" in page.page.inner_text("#summary")
    assert page.page.inner_text("#usage .missing") == "The run ended before LOCAL_METRICS."
    page.check(report)
