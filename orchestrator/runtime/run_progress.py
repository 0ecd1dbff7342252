"""How far a run is and how long it will take, from its events."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

__all__ = ["RunProgress"]

# Seconds of finished phases before their speed is used, and the bounds of its ratio to the expected one.
ENOUGH = 1.0
SLOWEST, FASTEST = 30.0, 0.03
# A phase that reports no progress is not counted as finished before it ends.
UNTOLD = 0.9


class RunProgress:
    """A listener of run events that knows the progress of the whole run.

    The share of the run is that of the expected times of its phases (event ``expected_time``, after the scan); the ratio of the
    measured to the expected time of the phases so far corrects the time that is left. Filters and fields count as equal parts.

    Attributes
    ----------
    phase : name of the current phase, "" before the first.
    number, total : its number from 1, and the number of phases.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._parts: dict[str, tuple[int, int]] = {}
        self._start_part([])

    def _start_part(self, phases: list[str]) -> None:
        self._phases = phases
        self._expected: dict[str, float] = {}
        self._taken: dict[str, float] = {}
        self.phase = ""
        self._share_of_phase = 0.0
        self._phase_began = self._clock()
        self._most = 0.0

    def listen(self, event: dict[str, Any]) -> None:
        """Take note of an event."""
        name, phase = event["event"], str(event.get("phase", ""))
        if name == "run_start":
            self._start_part([str(p) for p in event.get("phases", ())])
        elif name in ("field_start", "channel_start"):
            self._parts[name] = (int(event["number"]), int(event["total"]))
            if name == "field_start":
                self._parts.pop("channel_start", None)
            self._start_part([])
        elif name == "expected_time":
            self._expected = {str(k): float(v) for k, v in event["seconds"].items()}
        elif name == "phase_start":
            self.phase, self._phase_began, self._share_of_phase = phase, self._clock(), 0.0
        elif name == "phase_progress":
            self.phase = phase
            self._share_of_phase = max(self._share_of_phase, min(event["done"] / max(event["total"], 1), 1.0) * UNTOLD)
        elif name in ("phase_end", "phase_kept"):
            self.phase, self._share_of_phase = phase, 1.0
            self._taken[phase] = float(event.get("seconds", 0.0))

    @property
    def total(self) -> int:
        return len(self._phases)

    @property
    def number(self) -> int:
        return self._phases.index(self.phase) + 1 if self.phase in self._phases else 0

    @property
    def fraction(self) -> float:
        """The completed share of the run, 0 to 1; it never falls within a filter or field."""
        done, total = self._done()
        self._most = max(self._most, done / total if total > 0 else 0.0)
        return (self._place() + self._most) / self._parts_in_all()

    @property
    def seconds_left(self) -> float | None:
        """Expected seconds until the end of the run, None if they cannot be known yet."""
        done, total = self._done()
        if not self._expected:
            return None
        left = max(total - done, 0.0) * self._speed()
        waiting = self._parts_in_all() - self._place() - 1
        each = (self._clock() - self._began) / self._place() if self._place() else total * self._speed()
        return left + waiting * each

    def to_dict(self) -> dict[str, Any]:
        """For JSON: the share of the run, and the seconds left if they are known."""
        left = self.seconds_left
        return {"fraction": round(self.fraction, 4), "seconds_left": None if left is None else round(left, 1),
                "phase_number": self.number, "phase_count": self.total}

    def _place(self) -> int:
        """Number of finished filters of all fields, as equal parts."""
        field, _ = self._parts.get("field_start", (1, 1))
        channel, channels = self._parts.get("channel_start", (1, 1))
        return (field - 1) * channels + channel - 1

    def _parts_in_all(self) -> int:
        return self._parts.get("field_start", (1, 1))[1] * self._parts.get("channel_start", (1, 1))[1]

    def _speed(self) -> float:
        known = [n for n in self._taken if n in self._expected]
        expected, taken = sum(self._expected[n] for n in known), sum(self._taken[n] for n in known)
        return 1.0 if taken < ENOUGH or expected <= 0 else min(max(taken / expected, FASTEST), SLOWEST)

    def _done(self) -> tuple[float, float]:
        """Expected seconds of the phases so far, with the share of the current one, and of all; phases before that is known."""
        weights = self._expected or dict.fromkeys(self._phases, 1.0)
        finished = sum(weights.get(n, 0.0) for n in self._taken)
        current = 0.0
        if self.phase not in self._taken and (weight := weights.get(self.phase, 0.0)):
            share = self._share_of_phase
            if self._expected and not share:
                share = min((self._clock() - self._phase_began) / (weight * self._speed()), UNTOLD)
            current = weight * share
        return finished + current, sum(weights.values())
