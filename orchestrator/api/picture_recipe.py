"""A recipe: how a picture is made of a linear image. It is saved as YAML beside the product and changes no pixels of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.report.files import RunFiles

__all__ = ["RECIPE_SUFFIX", "PictureRecipe", "changed_recipe", "default_recipe", "load_recipe", "recipe_beside", "save_recipe"]

# Name of the recipe of stacked.fits: stacked.recipe.yaml.
RECIPE_SUFFIX = ".recipe.yaml"
# Bytes of a recipe file that are read at most; recipes have less than 1000.
MOST_BYTES = 100_000


class PictureRecipe(BaseModel):
    """Steps from a linear image to a picture, in this order: background, stretch, levels, green noise, saturation."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    version: Literal[1] = Field(1, description="Version of the format of recipes.")
    stretch: Literal["natural", "midtones", "asinh", "ghs", "linear"] = Field("natural", description=(
        "natural: a dark neutral sky without colour noise, as in previews. midtones: as the autostretch of Siril. asinh: keeps "
        "the colours up to the brightest stars. ghs: generalised hyperbolic stretch. linear: none."))
    linked: bool = Field(True, description="One curve for all channels, which keeps calibrated colours; otherwise one for each.")
    level_sky: bool = Field(False, description="natural: subtract a smooth surface from a background that was not extracted.")
    strength: float | None = Field(None, ge=0, le=20, description=(
        "asinh and ghs: ln(D + 1), 0 does not stretch; found from the level of the sky if not given."))
    focus: float = Field(0.0, ge=-5, le=15, description="ghs: b, contrast near the symmetry point.")
    symmetry: float | None = Field(None, ge=0, le=1, description="ghs: level with the most contrast; the sky if not given.")
    shadows: float = Field(0.0, ge=0, le=1, description="ghs: the curve is straight below this level.")
    highlights: float = Field(1.0, ge=0, le=1, description="ghs: the curve is straight above this level.")
    background: Literal["neutral", "picked", "keep"] = Field("neutral", description=(
        "neutral: the sky is grey. picked: background_levels are grey. keep: as it is (natural always makes the sky neutral)."))
    background_levels: tuple[float, float, float] | None = Field(None, description="Levels of the channels at the picked place.")
    black: float = Field(0.0, ge=0, le=1, description="Level of the stretched picture that becomes black.")
    middle: float = Field(0.5, gt=0, lt=1, description="Part of the way from black to white that becomes 1/2.")
    white: float = Field(1.0, ge=0, le=1, description="Level of the stretched picture that becomes white.")
    scnr: float = Field(0.0, ge=0, le=1, description="Amount by which green above the mean of red and blue is removed.")
    saturation: float = Field(1.0, ge=0, le=4, description="Factor of the saturation; 0 is grey.")

    @model_validator(mode="after")
    def _fits_together(self) -> PictureRecipe:
        if self.black >= self.white:
            raise ValueError(f"black ({self.black}) must be below white ({self.white})")
        if (self.background == "picked") != (self.background_levels is not None):
            raise ValueError("background_levels are the levels of background: picked; give both or neither")
        if self.symmetry is not None and not self.shadows <= self.symmetry <= self.highlights:
            raise ValueError("shadows <= symmetry <= highlights must hold")
        return self

    def without_finish(self) -> PictureRecipe:
        """The recipe without the steps after the stretch."""
        return self.model_copy(update={"black": 0.0, "middle": 0.5, "white": 1.0, "scnr": 0.0, "saturation": 1.0})


def recipe_beside(image: Path) -> Path:
    """The file of the recipe of an image: ``stacked.fits`` has ``stacked.recipe.yaml``."""
    return image.with_name(image.name.split(".")[0] + RECIPE_SUFFIX)


def load_recipe(path: Path) -> PictureRecipe:
    """Read a recipe.

    Raises
    ------
    InputError : the file cannot be read. ConfigError : it is not a recipe of a version that this program reads.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(MOST_BYTES)
        content: Any = yaml.safe_load(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", "Give the file of a saved recipe.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is not YAML: {' '.join(str(error).split())}.", "Save the recipe again.") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path} is not a recipe.", "A recipe has lines such as `stretch: asinh`.")
    if content.get("version", 1) != 1:
        raise ConfigError(f"{path} has version {content['version']!r} of recipes; this program reads version 1.",
                          "Use the version of the program that wrote it, or make a new recipe.")
    return _checked(content, str(path))


def changed_recipe(recipe: PictureRecipe, changes: Sequence[str]) -> PictureRecipe:
    """A recipe with ``key=value`` changes, as of ``develop --set``. ConfigError for what is not a setting or not a value."""
    content = recipe.model_dump(exclude_none=True)
    for change in changes:
        key, separator, value = change.partition("=")
        if not separator or not key:
            raise ConfigError(f"--set {change} is not KEY=VALUE.", "For example --set stretch=asinh.")
        try:
            content[key] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ConfigError(f"--set {change}: the value is not YAML.", "For example --set saturation=1.4.") from error
    return _checked(content, "--set")


def _checked(content: dict[Any, Any], origin: str) -> PictureRecipe:
    try:
        return PictureRecipe.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        key = first["loc"][0] if first["loc"] else None
        if key is not None:
            message = f"{key} is not a setting of recipes" if first["type"] == "extra_forbidden" else (
                f"{'.'.join(map(str, first['loc']))}: {content.get(key)!r}: {message}")
        raise ConfigError(f"{origin}: {message}.", f"Settings of recipes: {', '.join(PictureRecipe.model_fields)}; "
                          "docs/PICTURES.md has their ranges.") from error


def save_recipe(recipe: PictureRecipe, path: Path) -> None:
    """Write a recipe as YAML, in place of an earlier one. RunError if that fails."""
    text = yaml.safe_dump(recipe.model_dump(mode="json", exclude_none=True), sort_keys=False)
    try:
        with whole_file(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise RunError(f"{path} could not be written: {error.strerror or error}.",
                       "Check the folder and its permissions.") from error


def default_recipe(image: Path) -> PictureRecipe:
    """The recipe saved beside an image, else that of its run's preview: one curve for all channels of a product with calibrated
    colours, and a background that was not extracted is levelled. Raises as :func:`load_recipe`."""
    saved = recipe_beside(image)
    if saved.is_file():
        return load_recipe(saved)
    return PictureRecipe(linked="_pcc" in image.name, level_sky=_is_uneven(image))


def _is_uneven(image: Path) -> bool:
    """Whether an image is a stack of a run whose background was to be extracted and was not."""
    try:
        files = RunFiles(image.parent.parent)
    except InputError:
        return False
    wanted = (files.config.get("bge") or {}).get("enabled", True)
    return image.parent.name == "outputs" and bool(wanted) and files.output("background_model.fits") is None
