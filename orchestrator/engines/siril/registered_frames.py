"""Siril's registration as frames: the reference, and the transforms that the stars confirm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.config.settings import Registration
from orchestrator.engines.base import CalibrationResult, Frame, saturation_of
from orchestrator.engines.reference_gain import of_main_gain
from orchestrator.engines.siril.sequence_file import SeqImage, file_matrix
from orchestrator.errors import ToolError
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Session

__all__ = ["accept", "reference_index", "registered_frames", "siril_error"]

# Largest distance (px) at which entries of two star lists are the same star.
MATCH_RADIUS = 3.0


def siril_error(message: str) -> ToolError:
    """An error for a task that Siril cannot do; its remedy names the native engine."""
    return ToolError(message, "Use --engine native.", tool="siril-cli")


def accept(
    matrix: NDArray[np.float64], stars: NDArray[np.float64], others: NDArray[np.float64], settings: Registration
) -> tuple[str, float, int]:
    """(reason, residual, matched): check a transform on the stars; the reason is "" if it is accepted.

    Parameters
    ----------
    matrix : (3, 3) frame pixels to reference pixels.
    stars, others : (n, 2), (m, 2) star positions in the frame and in the reference.
    """
    linear = matrix[:2, :2]
    determinant = float(np.linalg.det(linear))
    if determinant <= 0:
        return "its transform is a reflection", float("nan"), 0
    scale = determinant**0.5
    if abs(scale - 1) > settings.max_scale_change:
        return Message("its transform has the scale {scale:.4f}", scale=scale), float("nan"), 0
    residual, matched = _match(matrix, stars, others)
    possible = min(len(stars), len(others))
    if matched < min(settings.min_inliers, max(4, -(-possible // 3))):
        return Message("only {matched} of {possible} stars agree with its transform", matched=matched,
                       possible=possible), residual, matched
    if residual > settings.max_residual:
        return Message("its stars are {residual:.2f} px off (rms)", residual=residual), residual, matched
    return "", residual, matched


def _match(
    matrix: NDArray[np.float64], stars: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[float, int]:
    """(rms distance, number) of the pairs of stars that are mutual nearest neighbours within the match radius."""
    if not len(stars) or not len(others):
        return float("nan"), 0
    mapped = np.column_stack([stars, np.ones(len(stars))]) @ matrix.T
    mapped = mapped[:, :2] / mapped[:, 2:]
    distance, nearest = cKDTree(others).query(mapped, distance_upper_bound=MATCH_RADIUS)
    _, back = cKDTree(mapped).query(others)
    rows = np.flatnonzero(np.isfinite(distance))
    rows = rows[back[nearest[rows]] == rows]
    if not len(rows):
        return float("nan"), 0
    return float(np.sqrt(np.mean(distance[rows] ** 2))), len(rows)


def reference_index(
    lights: Sequence[FrameInfo], numbers: list[int], images: Sequence[SeqImage], chosen: int, settings: Registration,
    stars: Sequence[NDArray[np.float64]] = (),
) -> int:  # fmt: skip
    """Index of the reference in the sequence: the one in the settings, else Siril's choice (``chosen``), which is replaced by
    the frame with most ``stars`` of the main gain if it has another one."""
    if settings.reference != "auto":
        wanted = [k for k, n in enumerate(numbers) if lights[n].path.as_posix().endswith("/" + settings.reference)]
        if settings.reference == "first":
            wanted = [k for k, image in enumerate(images) if image.matrix is not None]
        if wanted and images[wanted[0]].matrix is not None:
            return wanted[0]
        raise siril_error(Message("Siril could not register the reference {reference}.", reference=settings.reference))
    if chosen < 0 or images[chosen].matrix is None:
        raise siril_error("Siril found no frame with enough stars to be the reference.")
    registered = [k for k, image in enumerate(images) if image.matrix is not None and image.included]
    main = [numbers.index(n) for n in of_main_gain(lights, [numbers[k] for k in registered])]
    if chosen in main or not main:
        return chosen
    return max(main, key=lambda k: (len(stars[k]) if stars else 0, -k))


def registered_frames(
    session: Session, calibrated: CalibrationResult, numbers: list[int], images: Sequence[SeqImage], reference: int,
    stars: Sequence[NDArray[np.float64]], settings: Registration,
) -> tuple[Frame, ...]:  # fmt: skip
    """One frame for each light of the session; those without an accepted transform have the reason.

    ``numbers`` are the indices of the lights to which ``images`` and ``stars`` (n, 2) belong; ``reference`` is an index into
    ``images``.
    """
    height = session.shape[-2]
    base = images[reference].matrix
    if base is None:
        raise ValueError("the reference has no transform")
    to_reference = np.linalg.inv(base)
    place = {n: k for k, n in enumerate(numbers)}
    frames: list[Frame] = []
    for index, info in enumerate(session.lights):
        reader = calibrated.readers[index]
        if index not in place:
            frames.append(Frame(index, info, None, reason=calibrated.reasons.get(index, "it cannot be read")))
            continue
        k = place[index]
        h = images[k].matrix
        if h is None or not images[k].included:
            reason = Message("Siril could not register it ({count} stars found)", count=len(stars[k]))
            frames.append(Frame(index, info, reader, reason=reason, method="siril"))
            continue
        matrix = np.eye(3) if k == reference else file_matrix(to_reference @ h, height)
        why, residual, matched = accept(matrix, stars[k], stars[reference], settings)
        frames.append(Frame(index, info, reader, None if why else matrix, why, residual, matched, "siril",
                            saturation_of(reader)))
    return tuple(frames)
