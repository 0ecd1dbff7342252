"""A watch with its page in a real browser: a frame is left out by a click, and the report is at the same address at the end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from orchestrator import RunConfig, RunResult, WatchOptions, watch
from orchestrator.live.page_server import PageOptions

SETTINGS = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "stacking": {"rejection": "none"}}


def test_a_night_is_followed_on_the_page(browser: Any, simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    cancel, begun, proceed = threading.Event(), threading.Event(), threading.Event()
    found: dict[str, Any] = {}

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "page":
            found["url"] = event["url"]
        elif event["event"] == "frame" and event["stacked"] == 7:
            begun.set()
            proceed.wait(60)

    def work() -> None:
        options = WatchOptions(every=1, poll=0.05, finish=True, page=PageOptions(control=True))
        found["result"] = watch(folder, RunConfig.model_validate(SETTINGS), options, runs_dir=tmp_path, listeners=(listen,),
                                cancel=cancel)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert begun.wait(60)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(found["url"])
        page.wait_for_selector("html[data-ready]")
        assert page.inner_text("#counts").startswith("7 frames stacked")
        for name in ("picture", "last"):
            assert page.locator(f"#{name}").evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 0
        assert page.locator("#plots svg path").count() == 4
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        _nothing_stands_in_the_way_of_a_screen_reader(page)
        name = page.locator("#rows th").first.inner_text()
        page.get_by_role("button", name=f"Leave out {name}", exact=True).click()
        page.get_by_role("button", name=f"Use {name}", exact=True).wait_for()
        proceed.set()
        page.locator("#report-link").wait_for(timeout=120_000)
        page.click("#report")
        page.wait_for_selector("html[data-ready]")
        assert "How it was made".upper() in page.inner_text("main").upper()
        again = browser.new_page()
        again.goto(found["url"])
        assert again.url.endswith("/artifacts/report.html")
        assert complaints == []
    finally:
        proceed.set()
        cancel.set()
        thread.join(60)
    result: RunResult = found["result"]
    assert result.status == "ok", result.error
    excluded = (result.directory / "config.yaml").read_text(encoding="utf-8")
    assert name in excluded


def _nothing_stands_in_the_way_of_a_screen_reader(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page).response
    assert [(v["id"], v["nodes"][0]["html"][:100]) for v in response["violations"]] == []
