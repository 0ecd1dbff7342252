"""Before and after: the stack next to the plain mean of its frames, one of them, or an image of another program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.api.develop import Developer
from orchestrator.api.picture_recipe import PictureRecipe
from orchestrator.api.picture_source import ImageWindow, open_linear
from orchestrator.errors import InputError
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.report.before_after import like_stack
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.report.same_pixels import aligned, small, stack_of
from orchestrator.rundir.combination_record import refuse_combination
from orchestrator.stacking.state import RunState

__all__ = ["before_and_after"]

Pixels = NDArray[np.uint8]
# Percentile from which pixels show light that both images have, and level from which they may be saturated.
BRIGHT, SATURATED = 99.0, 0.9


def before_and_after(directory: Path, frame: str | None = None, *, other: Path | None = None,
                     recipe: PictureRecipe | None = None) -> tuple[Pixels, Pixels, str]:
    """The plain mean (or one raw frame, or another image) and the stack on the same pixel grid with the same stretch, and a note
    on both.

    Both are linear images before the calibration of colours: each channel is brought to the sky of the stack, and the stretch is
    that of the stack, which has less noise.

    Parameters
    ----------
    directory : a run directory.
    frame : file name of a light; None: the plain mean of all lights.
    other : a linear image of the same field, such as a stack by Siril; in place of ``frame``.
    recipe : how both are developed; the natural stretch by default. Its background is made neutral.

    Returns
    -------
    Before and after as (h, w) grey or (h, w, 3) RGB, uint8, upright; and the note.

    Raises
    ------
    InputError : the run has no such frame, no stack, or its arrays were removed; ``other`` cannot be read. ConfigError : the run
        combines several filters.
    """
    refuse_combination(directory)
    files = RunFiles(directory)
    if other is not None:
        images, note = _other_and_stack(files, other)
    else:
        images, note = _mean_and_stack(files) if frame is None else _frame_and_stack(files, frame)
    upright = bool(files.json("registration").get("top_down", True))
    neutral = {"linked": False, "background": "neutral", "background_levels": None}
    pair = _developed(images[0], images[1], (recipe or PictureRecipe(level_sky=True)).model_copy(update=neutral))
    before, after = (np.ascontiguousarray(p if upright else p[::-1]) for p in pair)
    return before, after, note


def _developed(before: NDArray[np.float32], after: NDArray[np.float32], recipe: PictureRecipe) -> Iterator[Pixels]:
    developer = Developer(after)
    window = ImageWindow(0, developer.shape[0], 0, developer.shape[1])
    for image in (before, after):
        planes = image if image.ndim == 3 else image[None]
        if image is before:
            shifts = [np.median(a[a != 0]) - np.median(b[b != 0]) if b.any() else 0 for a, b in
                      zip(developer.image, planes, strict=True)]
            planes = np.stack([np.where(p != 0, p + np.float32(s), 0) for p, s in zip(planes, shifts, strict=True)])
        pixels = np.rint(developer.develop(planes, window, recipe) * 255).astype(np.uint8)
        yield np.moveaxis(pixels, 0, -1) if developer.colour else pixels[0]


def _mean_and_stack(files: RunFiles) -> tuple[list[NDArray[np.float32]], str]:
    store, state = Checkpoints(files.directory), RunState(())
    checkpoint = store.read("TILE_RECONSTRUCTION")
    try:
        if checkpoint is None or not store.has(checkpoint, "uniform"):
            raise InputError(f"{files.directory.name} did not keep the plain mean.",
                             "Set runtime.keep_arrays and repeat the run from TILE_RECONSTRUCTION.")
        store.load(checkpoint, state, ["uniform", "reconstruction"])
    except Damaged as error:
        raise InputError(f"The plain mean of {files.directory.name} cannot be read: {error}.",
                         "Repeat the run from TILE_RECONSTRUCTION.") from error
    images = [np.nan_to_num(a) for a in (state.uniform, state.reconstruction.mean)]
    note = "The plain mean on the same pixel grid, before background extraction and colour calibration."
    return [i[0] if len(i) == 1 else i for i in images], note


def _other_and_stack(files: RunFiles, path: Path) -> tuple[list[NDArray[np.float32]], str]:
    """An image made elsewhere, on the pixels of the stack and as bright: its stars would differ by the scale of its program."""
    layout = stack_of(files)
    if layout is None:
        raise InputError(f"{files.directory.name} has no stack.", "Resume the run first.")
    stack = small(layout)
    pixels, top_down = open_linear(path)
    upright = bool(files.json("registration").get("top_down", True))
    pixels = np.ascontiguousarray(pixels if top_down == upright else pixels[..., ::-1, :], np.float32)
    if pixels.ndim != stack.ndim:
        pixels = np.repeat(pixels[None], 3, axis=0) if stack.ndim == 3 else pixels.mean(axis=0, dtype=np.float32)
    picture, note = aligned(pixels, stack)
    return [_as_bright(picture, stack), stack], f"{path.name}, scaled to the brightness of the stack. {note}"


def _as_bright(image: NDArray[np.float32], stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """``image`` with the slope of its bright pixels against those of ``stack``, from the sky of both."""
    covered = (image != 0) & (stack != 0)
    if not covered.any():
        return image
    here, there = image[covered], stack[covered]
    light, wanted = here - np.median(here), there - np.median(there)
    bright = (wanted > np.percentile(wanted, BRIGHT)) & (there < SATURATED)
    slope = float(np.sum(light[bright] * wanted[bright]) / max(np.sum(light[bright] ** 2), 1e-30)) if bright.any() else 1.0
    return np.asarray(image * np.float32(slope), np.float32) if slope > 0 else image


def _frame_and_stack(files: RunFiles, name: str) -> tuple[list[NDArray[np.float32]], str]:
    rows = [r for r in frame_rows(files) if r.file == name or r.path == name]
    if not rows:
        raise InputError(f"{files.directory.name} has no light named {name!r}.", "Choose one of its frames.")
    layout = stack_of(files)
    if layout is None:
        raise InputError(f"{files.directory.name} has no stack.", "Resume the run first.")
    stack = small(layout)
    picture, note = aligned(like_stack(Path(rows[0].path), files.json("scan_input").get("cfa"), stack), stack)
    return [picture, stack], f"The raw frame {rows[0].file}. {note}"
