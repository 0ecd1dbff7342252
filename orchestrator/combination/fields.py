"""The fields of the sky that the lights of a session show, and which of them have enough lights to be stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestrator.combination.filters import least_lights
from orchestrator.config.settings import RunConfig
from orchestrator.message import Message, counted
from orchestrator.runtime.context import folder_name
from orchestrator.session.discovery import find
from orchestrator.session.fields import Field, offered_fields
from orchestrator.session.frame_list import select_listed
from orchestrator.session.matching import plain_name
from orchestrator.session.model import Role
from orchestrator.session.watch import Watch, unwatched

__all__ = ["SessionFields", "find_fields", "run_name"]


@dataclass(frozen=True)
class SessionFields:
    """The fields of a session, with the lights that the selection leaves; ``needed`` is the fewest that can be stacked."""

    fields: tuple[Field, ...]
    needed: int = 1

    @property
    def stacked(self) -> tuple[Field, ...]:
        """The fields with enough lights, the one with most lights first."""
        enough = [f for f in self.fields if len(f.lights) >= self.needed]
        return tuple(sorted(enough, key=lambda f: (-len(f.lights), f.number)))

    @property
    def several(self) -> bool:
        """Whether more than one field can be stacked."""
        return len(self.stacked) > 1

    def problem(self, field: Field) -> str:
        """Why a field is not stacked, "" if it is."""
        count = len(field.lights)
        if count >= self.needed:
            return ""
        names = ", ".join(i.path.name for i in field.lights[:3])
        return Message("it has {lights} ({names}), {needed} are needed", names=names, needed=self.needed,
                       lights=counted(count, "{count} light", "{count} lights"))

    def describe(self) -> str:
        """A sentence on what will be stacked."""
        listing = "; ".join(f"{f.number}: {f.text}" for f in sorted(self.stacked, key=lambda f: f.number))
        alike = len({plain_name(f.object) for f in self.stacked}) < len(self.stacked)
        wrong = Message(" If their positions in the headers are wrong, input.field=all makes one picture.") if alike else ""
        return Message("The lights show {count} fields that do not touch: {listing}. Each is stacked into a picture of its "
                       "own; input.field or input.object selects one.{wrong}", count=len(self.stacked), listing=listing,
                       wrong=wrong)

    def refusals(self) -> list[str]:
        """A sentence for each field that is not stacked, with the reason."""
        return [Message("{frame} is not stacked: {why}.", frame=f.name,
                        why=why) for f in self.fields if (why := self.problem(f))]

    def to_dict(self) -> list[dict[str, Any]]:
        return [{"number": f.number, "name": f.name, "object": f.object, "lights": len(f.lights), "centre": f.centre,
                 "problem": self.problem(f)} for f in self.fields]


def find_fields(roots: Sequence[Path], config: RunConfig, watch: Watch = unwatched) -> SessionFields:
    """Find the fields of a session. The result is empty if there is only one, if ``input.field`` selects one, or for nights, each
    of which has one.

    Reads headers only. Raises InputError when there are no lights.
    """
    if config.input.field is not None or config.input.nights:
        return SessionFields(())
    lights = find(roots, config, watch).frames[Role.LIGHT]
    fields = offered_fields(lights, config)
    if len(fields) < 2:
        return SessionFields(())
    selected = {i.path for i in select_listed(lights, config.selection.frames, [])}
    left = [Field(f.number, f.name, f.object, tuple(i for i in f.lights if i.path in selected), f.centre) for f in fields]
    return SessionFields(tuple(f for f in left if f.lights), least_lights(config))


def run_name(field: Field) -> str:
    """The name of a field as the end of the name of its run."""
    return folder_name(field.name).replace(" ", "_")
