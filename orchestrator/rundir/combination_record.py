"""The record of several runs, of the filters or of the fields of a session, whose directories are next to its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from orchestrator.errors import ConfigError, RunError
from orchestrator.io.json_files import write_json
from orchestrator.rundir.format import SCHEMA, check_schema

__all__ = ["ChannelEntry", "CombinationRecord", "combination_of", "is_combination", "refuse_combination", "single_runs"]

NAME = "artifacts/combination.json"


@dataclass
class ChannelEntry:
    """One filter of a combination, or one field of a session.

    Attributes
    ----------
    channel : the end of the name of its run. filter : "" for a field. object : the name of the field, if there are several.
    run : directory name of its run, next to that of the combination; "" if it cannot be stacked.
    problem : the reason why it is missing, "" if it is not.
    lights, frames_used, exposure_s, fwhm_px, noise_adu, information_kept : figures of its run.
    factor, offset_adu : scale and offset that match its stack to the others.
    sky_adu : sky background of its stack before that.
    stars : number of stars from which the scale was found.
    ceiling_adu : level at which its stars are clipped, None if none are.
    levelled_adu : range of the plane that was subtracted to match the sky background of the others, None if none was.
    """

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
    """The record of a combination of filters, or of several fields.

    Attributes
    ----------
    of : "filters", or "fields", which have no stack or picture in common.
    roots : folders of the session.
    project : file of the project, "" for a run without one.
    schema : format of the run directory (:data:`orchestrator.rundir.format.SCHEMA`).
    pixels_of : the channel whose pixel grid all stacks share.
    combined : the palette used, "" if there is no combined image; ``why`` is then the reason.
    factors : factors of the channels in R, G and B.
    colours : report of the colour calibration.
    crop : (x0, y0, x1, y1) the part of the stacks that the image shows.
    cores, core_pixels : number of clipped star cores, and of their pixels including the rims.
    """

    directory: Path
    roots: tuple[Path, ...]
    project: str = ""
    of: Literal["filters", "fields"] = "filters"
    pixels_of: str = ""
    channels: list[ChannelEntry] = field(default_factory=list)
    combined: str = ""
    why: str = ""
    factors: dict[str, dict[str, float]] = field(default_factory=dict)
    colours: dict[str, Any] = field(default_factory=dict)
    crop: list[int] = field(default_factory=list)
    cores: int = 0
    core_pixels: int = 0
    attempts: list[dict[str, Any]] = field(default_factory=list)
    schema: int = SCHEMA

    @classmethod
    def read(cls, directory: Path) -> CombinationRecord:
        """Read the record.

        Raises
        ------
        ConfigError : the combination was made by a version whose runs this one cannot read.
        RunError : the record cannot be read.
        """
        path = directory / NAME
        try:
            data = json.loads(path.read_bytes())
            check_schema(directory, "record", data)
            known = {k: data[k] for k in cls.__dataclass_fields__ if k in data and k not in ("channels", "roots")}
            fields = ChannelEntry.__dataclass_fields__
            channels = [ChannelEntry(**{k: v for k, v in c.items() if k in fields}) for c in data["channels"]]
            return cls(directory, tuple(Path(p) for p in data["roots"]), channels=channels, **known)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RunError(f"{path} cannot be read: {error!r}.", "Stack the session again with `orchestrate run`.") from error

    def write(self) -> None:
        """Write the record to the directory of the combination."""
        (self.directory / NAME).parent.mkdir(parents=True, exist_ok=True)
        content = {k: v for k, v in asdict(self).items() if k != "directory"}
        write_json(self.directory / NAME, content)

    def runs(self) -> list[Path]:
        """The existing directories of its runs."""
        return [p for c in self.channels if c.run and (p := self.directory.parent / c.run).is_dir()]


def is_combination(directory: Path) -> bool:
    """Whether a run directory is that of several filters or fields, which have runs of their own."""
    return (directory / NAME).is_file()


def single_runs(directory: Path) -> list[Path]:
    """The existing directories of the runs of single stacks: those of all fields and filters, or the directory itself."""
    if not is_combination(directory):
        return [directory]
    return [one for run in CombinationRecord.read(directory).runs() for one in single_runs(run)]


def combination_of(directory: Path) -> Path:
    """The directory of the combination of filters that a run belongs to, or ``directory`` itself."""
    parts = directory.name.split("-")
    for end in range(1, len(parts)):
        folder = directory.with_name("-".join(parts[:end]))
        if is_combination(folder) and (record := CombinationRecord.read(folder)).of == "filters" and directory in record.runs():
            return folder
    return directory


def refuse_combination(directory: Path) -> None:
    """ConfigError for several filters or fields, for functions that need the run of one of them."""
    if not is_combination(directory):
        return
    record = CombinationRecord.read(directory)
    again = (f"orchestrate project resume {record.project} --run-id {directory.name}" if record.project
             else f"orchestrate resume {directory}")
    names = ", ".join(r.name for r in record.runs()) or "none yet"
    if record.of == "fields":
        raise ConfigError(f"{directory} lists the runs of several fields: {names}. This needs one of them.", "Name that run.")
    raise ConfigError(f"{directory} combines the runs of several filters: {names}. This needs one of them.",
                      f"Name that run, and afterwards combine again: {again}")
