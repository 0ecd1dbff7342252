"""The verdict of a report in words, its title, and what to do next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from orchestrator.report.files import RunFiles
from orchestrator.report.model import FrameRow
from orchestrator.report.sections_frames import Source
from orchestrator.report.verdict import next_steps, target_and_device, verdict

CHECKS = [{"name": "star_light", "status": "passed"}, {"name": "geometry", "status": "passed"}]
GROWTH = {"frames": [4, 16], "noise_adu": [10.0, 5.0], "slope": -0.5}


def source(phases: tuple[str, ...] = ("REGISTRATION",), outputs: tuple[str, ...] = (), left_out: int = 0, **files: Any) -> Source:
    def phase(name: str) -> dict[str, Any]:
        return {"phase": name, "status": "skipped" if name == "ASTROMETRY" else "ok", "summary": {}}

    run = SimpleNamespace(json=lambda name: files.get(name, {}), phase=phase, phases=[{"phase": p} for p in phases],
                          output=lambda name: name if name in outputs else None)
    rows = [FrameRow(k, f"{k}.fit", f"/{k}.fit", k > left_out, fwhm=3.0, noise=[20.0], exposure=225.0) for k in range(1, 17)]
    return Source(cast(RunFiles, run), rows, ("L",), True)


@pytest.mark.parametrize(("objects", "device", "title"), [
    (["M 31", "M 31", None], "Seestar S50", "M 31, Seestar S50"), ([], "DWARF 3", "DWARF 3"), ([" M 8 "], None, "M 8"),
    (["M 31", "M 31", "M 33"], None, "M 31 and 1 more"), ([None, ""], None, "")])
def test_the_title_is_the_target_and_the_device(objects: list[str | None], device: str | None, title: str) -> None:
    scan = {"frames": {"light": [{"object": name} for name in objects]}, "layout": "folders",
            "device": {"name": device} if device else None}
    assert target_and_device(scan) == title and target_and_device({}) == ""


def test_a_good_run_is_told_with_its_gain() -> None:
    validation = {"noise_adu": 5.0, "fwhm_px": 2.9}
    text = verdict(source(checks={"checks": CHECKS}, validation=validation), "ok")
    assert text == ("The stack passed all 2 checks. Its noise is 4 times lower than that of one frame, and its stars are 2.90 px "
                    "wide, those of a typical frame 3 px.")


def test_a_check_that_could_not_be_made_is_named() -> None:
    text = verdict(source(checks={"checks": [CHECKS[0], {"name": "geometry", "status": "not_measured"}]}), "ok")
    assert text == "The stack passed its check. 1 could not be measured: “Frames place stars at the same point”."


def test_a_failed_check_comes_first_with_its_remedy() -> None:
    failed = {"name": "star_light", "status": "failed", "cause": "Stars lose 5 % of their light", "remedy": "Raise sigma_high."}
    run = source(checks={"checks": [failed, CHECKS[1]]}, outputs=("stacked.fits",), growth=GROWTH)
    assert verdict(run, "validation_failed").startswith("Look before you use the stack: “Stars keep their light” failed.")
    first, *others = next_steps(run, "validation_failed", "")
    assert first.text == "Stars lose 5 % of their light. Raise sigma_high." and first.section == "checks"
    assert not any("Process" in s.text for s in others)


def test_a_threshold_that_was_missed_is_told() -> None:
    missed = {"criteria": [{"name": "seam_score", "failed": True, "reason": "Seams of 3 sigma"}]}
    run = source(checks={"checks": CHECKS}, validation=missed)
    assert "a threshold of the validation was missed" in verdict(run, "validation_failed")
    assert next_steps(run, "validation_failed", "")[0].text == "Seams of 3 sigma."


@pytest.mark.parametrize(("status", "text"), [
    ("failed", "The run failed while aligning the frames."), ("aborted", "The run was cancelled while aligning the frames."),
    ("unfinished", "The run did not finish: it ended while aligning the frames."), ("running", "The run has not ended yet.")])
def test_a_run_without_a_result_tells_where_it_ended(status: str, text: str) -> None:
    assert verdict(source(), status) == text
    assert next_steps(source(), "failed", "No stars. Check the focus.")[0].text == "No stars. Check the focus."


def test_what_to_do_next() -> None:
    run = source(outputs=("stacked.fits", "stacked_bge.fits"), left_out=4, growth=GROWTH,
                 astrometry={"why": "no solver can be used"})
    linear, left, solver, more = next_steps(run, "ok", "")
    assert "outputs/stacked_bge.fits" in linear.text and left.text.startswith("4 of 16 files") and left.section == "frames"
    assert "orchestrate doctor" in solver.text
    assert more.text == "Another hour like this would lower the noise by 29 %."  # 16 more frames of 225 s: 1 - 2^-0.5
    (flat,) = (s for s in next_steps(source(growth={**GROWTH, "slope": -0.1}), "ok", "") if s.section == "growth")
    assert "dithering" in flat.text
