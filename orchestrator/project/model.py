"""Model of a project: nights that are stacked together, with their settings, in one readable file, ``project.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from orchestrator.config.describe import Setting, problems_of, settings_of
from orchestrator.runtime.context import folder_name

__all__ = ["VERSION", "FinalProduct", "Project", "ProjectNight", "check_project", "project_settings"]

# Increased when the meaning of a key changes; files.py then gets a migration.
VERSION = 2


class _Entry(BaseModel):
    # Keys added by a newer version or by the user are kept in the file.
    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True, validate_assignment=True)


class ProjectNight(_Entry):
    """A night: a folder with lights/ darks/ flats/ biases/. ``path`` is relative to the project's folder, or absolute."""

    path: str
    name: str = ""
    use: bool = Field(True, description="False leaves the night out but keeps it in the project.")
    settings: dict[str, Any] = Field({}, description="Settings of the sections input and calibration for this night only.")

    @field_validator("name", mode="before")
    @classmethod
    def _dates_are_names(cls, value: Any) -> Any:
        return str(value) if value is not None else ""  # YAML reads 2025-01-15 as a date

    @model_validator(mode="before")
    @classmethod
    def _has_a_name(cls, values: Any) -> Any:
        if isinstance(values, str):
            values = {"path": values}
        if isinstance(values, dict) and not values.get("name") and values.get("path"):
            values = {**values, "name": Path(str(values["path"])).name}
        return values


class FinalProduct(_Entry):
    """File names and form of the final images. Names may contain {project}, {night}, {filter}, {camera}, {gain}, {offset},
    {binning}, {exposure} and {date}."""

    name: str = Field("{project}_final", description="Name of the image of all nights.")
    night: str = Field("{project}_{night}", description="Name of the image of one night.")
    channel: str = Field("{project}_{filter}", description="Name of the image of one filter.")
    mirror: Literal["none", "bottomup"] = Field("none", description="bottomup: the first row of the file is the lowest, as after "
                                                "mirrorx -bottomup of Siril.")
    pcc: bool = Field(True, description="For broadband channels, also write an image with calibrated colours.")


class Project(_Entry):
    """A project. ``root`` is its folder and ``file_name`` its file in it; neither is stored, so that the folder can be moved."""

    version: int = VERSION
    name: str
    nights: list[ProjectNight] = []
    settings: dict[str, Any] = Field({}, description="Settings of the run, as in a configuration file.")
    channels: dict[str, str] = Field({}, description="Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; "
                                     "empty: all filters, with their usual letters.")
    palette: str | dict[str, dict[str, float]] = Field(
        "auto", description="Palette of the channels: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.")
    final: FinalProduct = FinalProduct()
    root: Path = Field(Path(), exclude=True)
    file_name: str = Field("project.yaml", exclude=True)
    # Programs named by the file when it was loaded, if it was not trusted (config/trust.py).
    _untrusted: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _names_differ(self) -> Project:
        names = [folder_name(n.name).lower() for n in self.nights]
        twice = next((n.name for i, n in enumerate(self.nights) if names[i] in names[:i]), None)
        if twice is not None:
            raise ValueError(f"two nights are named {twice!r}; give them different names")
        return self

    def folder(self, night: ProjectNight) -> Path:
        """The folder of a night."""
        return (self.root / Path(night.path).expanduser()).absolute()

    @property
    def file(self) -> Path:
        """The file of the project."""
        return self.root / self.file_name

    @property
    def used(self) -> list[ProjectNight]:
        return [n for n in self.nights if n.use]


def project_settings() -> tuple[Setting, ...]:
    """The settings of a project besides its nights and the settings of its runs: channels, palette, final images."""
    return tuple(s for s in settings_of(Project) if s.key.partition(".")[0] in ("channels", "palette", "final"))


def check_project(content: Mapping[str, Any]) -> dict[str, str]:
    """Problems of the content of a project file: dotted key -> message. The settings of runs are not checked."""
    return problems_of(content, Project)
