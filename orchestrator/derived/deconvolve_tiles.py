"""Deconvolution of a picture tile by tile, and its cross-validation on the tiles with most stars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.stacking.blocks import Block
from tilecore.detect.psf_image import PsfImage
from tilecore.stack.deconvolution import Deconvolution, Exposure, gaussian_psf, misfit
from tilecore.stack.proper_coadd import Layout

__all__ = ["CrossValidation", "DeconvolutionJob", "Half", "Tile", "cross_validated", "deconvolved"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Most tiles on which the number of steps is found.
MOST_SAMPLES = 4


class Half(NamedTuple):
    """A half of a group of frames: ``light`` above the sky and ``weight``, 1 / variance, (C, h, w); the PSF of each channel; the
    number of ``frames``."""

    light: FloatImage
    weight: FloatImage
    psfs: tuple[PsfImage, ...]
    frames: int


class Tile(NamedTuple):
    """A tile (row, column) of the layout, and a channel."""

    row: int
    column: int
    channel: int


@dataclass(frozen=True)
class DeconvolutionJob(Job):
    """The ``groups``, each as two halves; pixels that are ``clipped`` (h, w) are not used; the scene is drawn with a FWHM of
    ``target`` px and has ``finer`` values along a pixel."""

    groups: tuple[tuple[Half, Half], ...]
    clipped: NDArray[np.bool_]
    layout: Layout
    target: float
    finer: int
    steps: int = 0

    def tiles(self) -> list[Tile]:
        """All tiles of all channels."""
        return [Tile(j, i, c) for c in range(len(self.groups[0][0].light)) for j in range(len(self.layout.starts_y))
                for i in range(len(self.layout.starts_x))]

    def core(self, tile: Tile) -> Block:
        """The pixels of a tile without its padding."""
        y, x, core = self.layout.starts_y[tile.row], self.layout.starts_x[tile.column], self.layout.core
        return Block(y, min(y + core, self.layout.shape[0]), x, min(x + core, self.layout.shape[1]))

    def window(self, tile: Tile) -> FloatImage:
        """The share of a tile in each pixel of its core."""
        rows, columns = self.layout.windows()
        h, w = self.core(tile).shape
        return np.asarray(rows[tile.row][:h, None] * columns[tile.column][None, :w], np.float32)

    def exposures(self, tile: Tile, halves: Sequence[int]) -> list[Exposure]:
        """The halves of the groups on the pixels of a tile and its padding."""
        block, c = self.core(tile).padded(self.layout.pad, self.layout.shape), tile.channel
        box = np.s_[block.y0: block.y1, block.x0: block.x1]
        y, x = (block.y0 + block.y1 - 1) / 2, (block.x0 + block.x1 - 1) / 2
        found = []
        for group in self.groups:
            psf = group[0].psfs[c]
            stamp = psf.at(x, y)
            for k in halves:
                light, weight = group[k].light[c][box], np.where(self.clipped[box], 0, group[k].weight[c][box])
                error = (psf.excess * _of_stars(light, psf.model.fallback)) ** 2
                found.append(Exposure(light, (weight / (1 + weight * error)).astype(np.float32), stamp))
        return found

    def drawn(self, tile: Tile, made: Deconvolution) -> FloatImage:
        """The picture of a tile without its padding."""
        block = self.core(tile)
        padded = block.padded(self.layout.pad, self.layout.shape)
        resolution = gaussian_psf(self.target, int(np.ceil(3 * self.target)), self.finer)
        width = float(np.mean([group[0].psfs[tile.channel].model.fallback for group in self.groups]))
        return np.ascontiguousarray(made.image(resolution, width)[block.inside(padded)])


@dataclass(frozen=True)
class CrossValidation:
    """``curve`` (steps,): the mean of (d - P x)^2 / v of one half with the scene of the other; ``tiles`` on which it is measured;
    ``halves`` (C, 2, h, w) of the first of them, drawn, after the chosen steps."""

    curve: FloatArray
    tiles: list[Tile]
    halves: FloatImage | None = None

    def after(self, context: RunContext, job: DeconvolutionJob) -> CrossValidation:
        """With the halves drawn after the steps of the job."""
        first = self.tiles[0]
        wanted = [t for t in self.tiles if (t.row, t.column) == (first.row, first.column)]
        drawn = list(context.executor.heavy(_halves, job, wanted))
        return CrossValidation(self.curve, self.tiles, np.array(drawn))


@dataclass(frozen=True)
class _Asked(Job):
    job: DeconvolutionJob
    steps: int


def cross_validated(context: RunContext, job: DeconvolutionJob, stars: NDArray[np.void], steps: int) -> CrossValidation:
    """Deconvolve each half on the tiles with most light of ``stars``, and compare it with the other half after each step."""
    places = sorted({(t.row, t.column) for t in job.tiles()})

    def light(place: tuple[int, int]) -> float:
        block = job.core(Tile(*place, 0))
        inside = (stars["y"] >= block.y0) & (stars["y"] < block.y1) & (stars["x"] >= block.x0) & (stars["x"] < block.x1)
        return float(stars["flux"][inside].sum())

    chosen = sorted(places, key=light, reverse=True)[:MOST_SAMPLES]
    tiles = [t for t in job.tiles() if (t.row, t.column) in chosen]
    tiles.sort(key=lambda t: chosen.index((t.row, t.column)))
    curves = []
    for done, found in enumerate(context.executor.heavy(_curve, _Asked(job, steps, check=context.check), tiles), 1):
        curves.append(found)
        context.progress(done, len(tiles), "cross-validation")
    return CrossValidation(np.nanmean(np.array(curves), axis=0), tiles)


def _curve(asked: _Asked, tile: Tile, threads: int) -> FloatArray:
    job, found = asked.job, np.zeros(asked.steps)
    sides = [job.exposures(tile, [k]) for k in (0, 1)]
    made = [Deconvolution(side, job.finer) for side in sides]
    for step in range(asked.steps):
        job.stop_if_asked()
        for one in made:
            one.step()
        found[step] = (misfit(made[0], sides[1]) + misfit(made[1], sides[0])) / 2
    return found


def _halves(job: DeconvolutionJob, tile: Tile, threads: int) -> FloatImage:
    return np.array([_made(job, tile, [k]) for k in (0, 1)])


def deconvolved(context: RunContext, job: DeconvolutionJob, shape: tuple[int, ...]) -> FloatImage:
    """The picture (h, w) or (C, h, w) above the sky after the steps of the job."""
    tiles = job.tiles()
    result = context.picture((len(job.groups[0][0].light), *job.layout.shape))
    results = context.executor.heavy(_tile, job, tiles)
    for done, (tile, found) in enumerate(zip(tiles, results, strict=True), 1):
        block = job.core(tile)
        result[tile.channel, block.y0: block.y1, block.x0: block.x1] += found * job.window(tile)
        context.progress(done, len(tiles), "deconvolving")
    return result.reshape(shape)


def _of_stars(light: FloatImage, width: float) -> FloatImage:
    """The light of stars of FWHM ``width`` px: what stands above the surroundings."""
    side = 2 * int(np.ceil(2 * width)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    smooth = cv2.GaussianBlur(light, (0, 0), width / 2)
    return np.asarray(np.maximum(light - cv2.morphologyEx(smooth, cv2.MORPH_OPEN, disc), 0), np.float32)


def _tile(job: DeconvolutionJob, tile: Tile, threads: int) -> FloatImage:
    return _made(job, tile, (0, 1))


def _made(job: DeconvolutionJob, tile: Tile, halves: Sequence[int]) -> FloatImage:
    """A tile deconvolved from some halves of the groups."""
    made = Deconvolution(job.exposures(tile, halves), job.finer)
    for _ in range(job.steps):
        job.stop_if_asked()
        made.step()
    return job.drawn(tile, made)
