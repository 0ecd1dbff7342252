"""A linear image developed to a picture by a recipe: as a whole, by strips of rows, or any window of it at any reduction.

Everything that depends on the whole image is measured once; each pixel then depends on its neighbours only, so that a picture of
any size is made in little memory, and a window shows what the export will write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orchestrator.api.picture_recipe import PictureRecipe
from orchestrator.api.picture_source import ImageWindow, read_window
from orchestrator.errors import InputError
from orchestrator.report.natural_stretch import NaturalPlan, apply_to_window, plan_picture
from orchestrator.report.preview import ASINH_BACKGROUND, SHADOWS_CLIP, TARGET_BACKGROUND
from orchestrator.report.tone_curves import GhsCurve, asinh_gain, ghs, levels, midtones, solve
from tilecore.colour import saturate, scnr
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Developer", "develop"]

FloatArray = NDArray[np.float64]
Image = NDArray[np.float32]
# Rows that are developed at once.
STRIP = 256
# Pixels of a channel from which its sky is measured.
SAMPLE = 1 << 20


class Developer:
    """Develops one linear image (h, w) or (3, h, w), 1.0 = full scale, 0 where it has no data. Recipes may change between calls.

    ``image`` may be mapped from disk. Raises InputError for an image of another shape.
    """

    def __init__(self, image: Image) -> None:
        if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[0] not in (1, 3)) or not image.size:
            raise InputError(f"An array of shape {image.shape} is not a picture.", "Give (rows, columns) or (3, rows, columns).")
        self.image: Image = image if image.ndim == 3 else image[None]
        self.shape = (self.image.shape[1], self.image.shape[2])
        self.colour = len(self.image) == 3
        self._plans: dict[tuple[bool, bool], NaturalPlan | None] = {}

    @cached_property
    def sky(self) -> tuple[FloatArray, FloatArray]:
        """Median and robust scatter (C,) of the pixels of each channel with data."""
        found = []
        for channel in self.image:
            data = channel.ravel()[:: channel.size // SAMPLE | 1]
            data = data[data != 0]
            median = float(np.median(data)) if data.size else 0.0
            found.append((median, mad_sigma(data, median) if data.size else 0.0))
        medians, scatter = np.array(found, np.float64).T
        return medians, scatter

    def rows(self, recipe: PictureRecipe, strip: int = STRIP) -> Iterator[tuple[int, Image]]:
        """The picture by strips: the first row of each, and (C, rows, w) in 0..1."""
        height, width = self.shape
        for first in range(0, height, strip):
            window = ImageWindow(first, min(first + strip, height), 0, width)
            yield first, self.window(window, recipe)

    def window(self, window: ImageWindow, recipe: PictureRecipe) -> Image:
        """A window of the picture, (C, rows, columns) in 0..1."""
        return self.develop(read_window(self.image, window.padded(self.shape)), window, recipe)

    def develop(self, pixels: Image, window: ImageWindow, recipe: PictureRecipe) -> Image:
        """As :meth:`window`, with the pixels (C, h, w) of ``window.padded(shape)``, which were read before."""
        padded = window.padded(self.shape)
        rows, columns = (slice(window.top - padded.top, window.bottom - padded.top),
                         slice(window.left - padded.left, window.right - padded.left))
        if recipe.stretch == "natural":
            out = self._natural(pixels, padded, rows, columns, recipe)
        else:
            inner = pixels[:, rows, columns]
            out = np.where((inner != 0).any(axis=0), self._curved(inner, recipe), np.float32(0))
        return self.finish(out, recipe)

    def finish(self, stretched: Image, recipe: PictureRecipe) -> Image:
        """A stretched picture (C, h, w) with the levels, green noise removal and saturation of a recipe."""
        out = levels(stretched, recipe.black, recipe.middle, recipe.white)
        if self.colour and recipe.scnr > 0:
            out = scnr(out, recipe.scnr)
        if self.colour and recipe.saturation != 1:
            out = np.clip(saturate(out, recipe.saturation), 0, 1)
        return np.asarray(out, np.float32)

    def _natural(self, pixels: Image, padded: ImageWindow, rows: slice, columns: slice, recipe: PictureRecipe) -> Image:
        key = (recipe.linked, recipe.level_sky)
        if key not in self._plans:
            self._plans[key] = plan_picture(self.image, balanced=recipe.linked, level_sky=recipe.level_sky)
        plan = self._plans[key]
        if plan is None:
            return np.zeros_like(pixels[:, rows, columns])
        # The mean of step x step pixels has a step-th of their noise.
        plan = replace(plan, noise=plan.noise / padded.step)
        if recipe.background_levels is not None and self.colour:
            picked = np.array(recipe.background_levels)
            plan = replace(plan, sky=picked - float(np.mean(picked - plan.sky)))
        v, u = (2 * ((np.arange(first, last) + 0.5) * padded.step - 0.5) / max(n - 1, 1) - 1 for first, last, n in
                ((padded.top, padded.bottom, self.shape[0]), (padded.left, padded.right, self.shape[1])))
        return apply_to_window(pixels, plan, (v, u), rows, columns)

    def _curved(self, pixels: Image, recipe: PictureRecipe) -> Image:
        """Pixels with a stretch that depends on nothing but the pixel."""
        offset, sky, black = self._black(recipe)
        if recipe.stretch == "linear":
            return np.asarray(np.clip(pixels - offset, 0, 1), np.float32)
        light = np.clip((pixels - offset - black) / (1 - black), 0, 1)
        level = (sky - black[:, 0, 0]) / (1 - black[:, 0, 0])
        if recipe.stretch == "midtones":
            balance = midtones(np.clip(level, 1e-6, 1).astype(np.float32), TARGET_BACKGROUND)
            return np.stack([midtones(c, float(b)) for c, b in zip(light, balance, strict=True)])
        if recipe.stretch == "asinh":
            out = light * asinh_gain(light.mean(axis=0), self._asinh_strength(float(level.mean()), recipe))
            return np.asarray(out / np.maximum(out.max(axis=0), 1), np.float32)
        return np.stack([ghs(c, self._ghs_curve(float(at), recipe)) for c, at in zip(light, level, strict=True)])

    def _black(self, recipe: PictureRecipe) -> tuple[Image, FloatArray, Image]:
        """What is subtracted from the channels for a neutral background (C, 1, 1), the sky that is left (C,), and the black
        points (C, 1, 1). With one curve for all channels both are those of their mean."""
        sky, scatter = self.sky
        offset = np.zeros_like(sky)
        if recipe.background != "keep" and self.colour:
            grey = np.array(recipe.background_levels) if recipe.background_levels is not None else sky
            offset = grey - grey.mean()
        left = sky - offset
        black = np.clip(left + SHADOWS_CLIP * scatter, 0, 0.99)
        if recipe.linked:
            left, black = np.full_like(left, left.mean()), np.full_like(black, black.mean())
        return offset[:, None, None].astype(np.float32), left, black[:, None, None].astype(np.float32)

    @staticmethod
    def _asinh_strength(level: float, recipe: PictureRecipe) -> float:
        if recipe.strength is not None:
            return recipe.strength
        one = np.array([max(level, 1e-6)], np.float32)
        return solve(lambda s: float((one * asinh_gain(one, s))[0]), ASINH_BACKGROUND)

    @staticmethod
    def _ghs_curve(level: float, recipe: PictureRecipe) -> GhsCurve:
        symmetry = level if recipe.symmetry is None else recipe.symmetry
        symmetry = min(max(symmetry, recipe.shadows), recipe.highlights)

        def curve(strength: float) -> GhsCurve:
            return GhsCurve(strength, recipe.focus, symmetry, recipe.shadows, recipe.highlights)

        if recipe.strength is not None:
            return curve(recipe.strength)
        one = np.array([max(level, 1e-6)], np.float32)
        return curve(solve(lambda s: float(ghs(one, curve(s))[0]), ASINH_BACKGROUND))


def develop(image: Image, recipe: PictureRecipe) -> Image:
    """The picture of a linear image (h, w) or (3, h, w): the same shape, float32 in 0..1. Raises as :class:`Developer`."""
    parts = [part for _, part in Developer(image).rows(recipe)]
    whole = np.concatenate(parts, axis=1)
    return whole if image.ndim == 3 else whole[0]
