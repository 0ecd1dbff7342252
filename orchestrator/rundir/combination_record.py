"""The folder of a run over several filters: which runs it combines. Each of these is a run of its own, beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError, RunError
from orchestrator.io.json_files import write_json

__all__ = ["ChannelEntry", "CombinationRecord", "combination_of", "is_combination", "refuse_combination"]

NAME = "artifacts/combination.json"


@dataclass
class ChannelEntry:
    """One filter. ``run`` is the name of its run, beside the combination's folder, "" where it cannot be stacked; ``problem``
    says why it is missing. ``frames`` and the figures are those of its run; ``factor`` and ``offset_adu`` brought its stack to
    the others, ``sky_adu`` is its sky before; at ``ceiling_adu`` its stars are clipped,
    None where none shows that; a plane of ``levelled_adu`` was taken off along the sky of the others, if it was."""

    channel: str
    filter: str
    run: str = ""
    status: str = ""
    problem: str = ""
    lights: int = 0
    object: str | None = None
    stack: str = ""
    frames_used: int | None = None
    exposure_s: float | None = None
    fwhm_px: float | None = None
    noise_adu: float | None = None
    information_kept: float | None = None
    factor: float | None = None
    offset_adu: float | None = None
    sky_adu: float | None = None
    stars: int | None = None
    ceiling_adu: float | None = None
    levelled_adu: float | None = None


@dataclass
class CombinationRecord:
    """What a combination's folder tells. ``roots`` are the session's folders; ``project`` is that of a project's run, else "".

    ``combined`` is the palette that was made ("" before, or where none was), ``why`` says why none was; ``factors`` are those of
    the channels in R, G and B; ``colours`` tells of the colour calibration. ``window`` (x0, y0, x1, y1) is the part of the stacks
    that the picture shows; ``cores`` of stars are clipped, on ``core_pixels`` with their rims.
    """

    directory: Path
    roots: tuple[Path, ...]
    project: str = ""
    pixels_of: str = ""
    channels: list[ChannelEntry] = field(default_factory=list)
    combined: str = ""
    why: str = ""
    factors: dict[str, dict[str, float]] = field(default_factory=dict)
    colours: dict[str, Any] = field(default_factory=dict)
    window: list[int] = field(default_factory=list)
    cores: int = 0
    core_pixels: int = 0
    attempts: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, directory: Path) -> CombinationRecord:
        """Raises RunError when it cannot be read."""
        path = directory / NAME
        try:
            data = json.loads(path.read_bytes())
            known = {k: data[k] for k in cls.__dataclass_fields__ if k in data and k not in ("channels", "roots")}
            fields = ChannelEntry.__dataclass_fields__
            channels = [ChannelEntry(**{k: v for k, v in c.items() if k in fields}) for c in data["channels"]]
            return cls(directory, tuple(Path(p) for p in data["roots"]), channels=channels, **known)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunError(f"{path} cannot be read: {error!r}.", "Stack the session anew with `orchestrate run`.") from error

    def write(self) -> None:
        (self.directory / NAME).parent.mkdir(parents=True, exist_ok=True)
        content = {k: v for k, v in asdict(self).items() if k != "directory"}
        write_json(self.directory / NAME, content)

    def runs(self) -> list[Path]:
        """The folders of its runs that are there."""
        return [p for c in self.channels if c.run and (p := self.directory.parent / c.run).is_dir()]


def is_combination(directory: Path) -> bool:
    return (directory / NAME).is_file()


def combination_of(directory: Path) -> Path:
    """The folder of the combination that a run belongs to; the folder itself where it belongs to none."""
    parts = directory.name.split("-")
    for end in range(1, len(parts)):
        folder = directory.with_name("-".join(parts[:end]))
        if is_combination(folder) and directory in CombinationRecord.read(folder).runs():
            return folder
    return directory


def refuse_combination(directory: Path) -> None:
    """ConfigError for a folder of several filters, where something works on the run of one only."""
    if not is_combination(directory):
        return
    record = CombinationRecord.read(directory)
    again = (f"orchestrate project resume {record.project} --run-id {directory.name}" if record.project
             else f"orchestrate resume {directory}")
    names = ", ".join(r.name for r in record.runs()) or "none yet"
    raise ConfigError(f"{directory} combines the runs of several filters: {names}. This works on one of these.",
                      f"Name that run, and afterwards combine anew: {again}")
