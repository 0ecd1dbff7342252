"""The verdict on a run in words, what to do next, and the title of its report."""

from __future__ import annotations

from collections import Counter
from typing import Any

from orchestrator.report.check_words import CHECKS
from orchestrator.report.model import FrameRow, Step
from orchestrator.report.noise_vs_frames import another_hour
from orchestrator.report.phase_words import phase_words
from orchestrator.report.sections_frames import Source
from orchestrator.report.wording import finite, median, number, percent
from orchestrator.rundir.output_files import STAGES

__all__ = ["next_steps", "target_and_device", "verdict"]

# Share of the lights left out that is worth a look.
MANY_LEFT_OUT = 0.2
# A slope of noise over number of frames that is flatter than this has a cause that more time does not remove.
FLAT_SLOPE = -0.3


def target_and_device(scan: dict[str, Any]) -> str:
    """Such as "M 31, Seestar S50", from the headers of the lights; "" if they contain neither."""
    lights = (scan.get("frames") or {}).get("light") or []
    objects = Counter(name for f in lights if isinstance(f, dict) and (name := str(f.get("object") or "").strip()))
    target = objects.most_common(1)[0][0] if objects else ""
    if len(objects) > 1:
        target += f" and {len(objects) - 1} more"
    device = str((scan.get("device") or {}).get("name") or "")
    return ", ".join(filter(None, (target, device)))


def verdict(source: Source, status: str) -> str:
    """What became of the run, in two or three sentences."""
    files, used = source.files, [r for r in source.rows if r.kept]
    if status not in ("ok", "validation_failed"):
        last = files.phases[-1]["phase"] if files.phases else ""
        where = f" while {phase_words(last)}" if last else ""
        return {"aborted": f"The run was cancelled{where}.", "failed": f"The run failed{where}.",
                "running": "The run has not ended yet."}.get(status, f"The run did not finish: it ended{where}.")
    found = _checks(source)
    failed = [c for c in found if c.get("status") == "failed"]
    open_ones = [c for c in found if c.get("status") == "not_measured"]
    if status == "ok":
        text = f"The stack passed {_all(len(found) - len(open_ones))}."
        if open_ones:
            text += f" {len(open_ones)} could not be measured: {', '.join(_title(c) for c in open_ones)}."
    else:
        named = ", ".join(_title(c) for c in failed)
        text = f"Look before you use the stack: {f'{named} failed' if named else 'a threshold of the validation was missed'}."
    return f"{text} {_gain(source, used)}".rstrip()


def _all(count: int) -> str:
    return f"all {count} checks" if count > 1 else "its check" if count else "the validation"


def _title(check: dict[str, Any]) -> str:
    return f"\u201c{CHECKS[check['name']].title}\u201d"


def _checks(source: Source) -> list[dict[str, Any]]:
    return [c for c in source.files.json("checks").get("checks") or [] if isinstance(c, dict) and c.get("name") in CHECKS]


def _gain(source: Source, used: list[FrameRow]) -> str:
    """How the stack compares with one of its frames."""
    found = source.files.json("validation")
    noise, one = finite(found.get("noise_adu")), median(v for r in used for v in (r.noise or []))
    fwhm, before = finite(found.get("fwhm_px")), median(r.fwhm for r in used)
    gains = []
    if noise and one:
        gains.append(f"its noise is {number(one / noise, digits=2)} times lower than that of one frame")
    if fwhm and before:
        gains.append(f"its stars are {number(fwhm, 'px')} wide, those of a typical frame {number(before, 'px')}")
    text = ", and ".join(gains)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def next_steps(source: Source, status: str, error: str) -> tuple[Step, ...]:
    """What to do next, the most important first."""
    files = source.files
    steps = [Step(error)] if error and status != "ok" else []
    for check in _checks(source):
        if check.get("status") == "failed":
            steps.append(Step(f"{check.get('cause')}. {check.get('remedy')}".strip(), "checks"))
    limits = [c for c in files.json("validation").get("criteria") or [] if isinstance(c, dict) and c.get("failed")]
    steps += [Step(f"{c.get('reason')}.", "validation") for c in limits if c.get("reason")]
    linear = next((name for name in (f"{stage}.fits" for stage in STAGES) if files.output(name) is not None), None)
    if linear is not None and status == "ok":
        steps.append(Step(f"Process outputs/{linear}: it is linear. The picture above is stretched for display only."))
    left = [r for r in source.rows if not r.kept]
    if len(left) > MANY_LEFT_OUT * len(source.rows):
        steps.append(Step(f"{len(left)} of {len(source.rows)} files were left out: see the reasons.", "frames"))
    if files.phase("ASTROMETRY")["status"] == "skipped" and "no solver" in str(files.json("astrometry").get("why", "")):
        steps.append(Step("The picture has no coordinates because no plate solver is installed: `orchestrate doctor` shows how "
                          "to install one, `orchestrate resume` adds them.", "wcs"))
    slope = finite(files.json("growth").get("slope"))
    if slope is not None and slope > FLAT_SLOPE:
        steps.append(Step("The noise falls more slowly than with independent frames: better darks and flats, or dithering, help "
                          "more than more time.", "growth"))
    elif (more := another_hour(source)) is not None:
        steps.append(Step(f"Another hour like this would lower the noise by {percent(more, 0)}.", "growth"))
    return tuple(steps)
