"""Registration of lights that point to different places: matches between neighbours, and one adjustment of all on the sky."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.native.anchors import Anchoring, Anchors
from orchestrator.engines.native.frame_wcs import wcs_of_frame
from orchestrator.engines.native.pair_search import PairSearch
from orchestrator.engines.native.pointing import Cameras, Pointing, cameras_of, pointing_of, position_of
from orchestrator.engines.native.sky_places import MOST_ADJUSTED, adjusted_lights, fitted_groups, moved_along, places_of
from orchestrator.message import Message, counted
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Session
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import empty_stars
from tilecore.register.align import LEAST_STARS, Alignment, Limits
from tilecore.register.bundle import Geometry
from tilecore.register.lens import Lens
from tilecore.register.pair_graph import Joined, join
from tilecore.register.sky_match import Edge, SkyStars
from tilecore.register.sky_solution import Solution, extended, solve, start_from_edges

__all__ = ["Lights", "OnSky", "alignment_of", "register_on_sky"]

logger = logging.getLogger(__name__)

# Angle (degrees) from the reference up to which lights can be on its tangent plane.
LARGEST_ANGLE = 60.0
# Steps of the adjustment that are reported.
STEPS = 6
# Stars that tie a frame to others at least.
LEAST_SHARED = 5
# Change of a focal length (log) by the adjustment from which the one in the header is not believed.
WRONG_FOCAL = 0.1
# Distance between the position in a header and that of the stars from which it is named as wrong, as a share of the diagonal of
# the field and in degrees; and names in the warning.
WRONG_HEADER = 0.5
LEAST_HEADER = 0.5
NAMED = 3


@dataclass(frozen=True)
class Lights:
    """The lights to register: ``measurements`` (N,), or ``reasons`` why they have none, relative ``scales`` (N,) of their pixels,
    ``scores`` of the candidates for the reference. ``anchoring`` plate solves some of them; with None their stars alone count."""

    session: Session
    measurements: Sequence[FrameMeasurement | None]
    reasons: dict[int, str]
    scales: NDArray[np.float64]
    scores: dict[int, float]
    anchoring: Anchoring | None = None


@dataclass(frozen=True)
class OnSky:
    """The geometry of a group of lights: ``found`` are the transforms to ``reference``, or the reasons why there is none,
    ``lenses`` (N,) those of the lights, ``solution`` has the figures, ``warnings`` name matches that alone join two parts, and
    headers that are wrong. ``anchors`` are the catalog stars that place them on the sky, None if their place is not known."""

    found: list[Alignment | str]
    reference: int
    solution: Solution
    lenses: list[Lens | None]
    warnings: list[str]
    anchors: Anchors | None = None

    def relative_to(self, reference: int) -> list[Alignment | str]:
        """The transforms to the tangent plane of another light."""
        return [alignment_of(self.solution, i, reference) if isinstance(f, Alignment) else f for i, f in enumerate(self.found)]

    def wcs(self, light: int) -> str:
        """The cards of the WCS of the pixels of a light, "" if its place on the sky is not known."""
        if self.anchors is None or isinstance(self.found[light], str):
            return ""
        return wcs_of_frame(self.solution.geometry, light, self.anchors.mirrored)


def register_on_sky(lights: Lights, limits: Limits, context: RunContext) -> OnSky | None:
    """The geometry of the largest group of lights that share stars and contain a candidate in ``scores`` for the reference; None
    if no two lights match."""
    session, measurements, scores = lights.session, lights.measurements, lights.scores
    tables = [m.stars if m is not None else empty_stars() for m in measurements]
    cameras = cameras_of(session.lights, lights.scales)
    pointing = pointing_of(session.lights, cameras)
    search = PairSearch(tables, cameras, pointing, limits, context, lights.anchoring)
    joined, count = search.run(), len(tables)
    anchors = None if lights.anchoring is None else lights.anchoring.anchors(tables, search.cameras)
    lone = _Nodes(search.cameras, list(search.stars), list(tables), list(search.edges), joined)
    nodes = lone if anchors is None else lone.with_catalog(anchors, search.plausible)
    joined = nodes.joined
    sizes = np.bincount(joined.group[:count], minlength=len(joined.group))
    candidates = [i for i in scores if sizes[joined.group[i]] > 1]
    if not candidates:
        return None
    fixed = max(candidates, key=lambda i: (sizes[joined.group[i]], scores[i], -i))
    members = np.flatnonzero(joined.group[:count] == joined.group[fixed])
    known: tuple[int, ...] = ()
    inside = np.flatnonzero(joined.group[count:] == joined.group[fixed])
    # Catalog frames are where they are; without any the axes of the sky are those of one light.
    if anchors is None or not len(inside):
        anchors, nodes = None, lone
        rotations = joined.rotation[fixed].T @ joined.rotation[:count]
    else:
        known = tuple(range(count, len(nodes.tables)))
        turn = anchors.rotations[inside[0]] @ joined.rotation[count + inside[0]].T
        rotations = np.concatenate([turn @ joined.rotation[:count], anchors.rotations])
    edges = [e for e in nodes.edges if joined.group[e.one] == joined.group[fixed] == joined.group[e.other]
             and not any(e is c for c in joined.contradicting)]
    geometry = Geometry(nodes.cameras.cameras, nodes.cameras.of, rotations, np.zeros((len(nodes.tables), 3)), known=known)
    expected = [(c.focal, error) for c, error in zip(nodes.cameras.cameras, nodes.cameras.errors, strict=True)]
    steps: list[str] = []

    def report(what: str) -> None:
        if what not in steps[-1:]:
            steps.append(what)
        context.progress(len(steps), max(STEPS, len(steps) + 1), f"geometry: {what}")

    report("pairs")
    geometry = start_from_edges(geometry, edges, nodes.stars, nodes.tables, fixed, expected, report)
    if any(abs(np.log(c.focal / f)) > WRONG_FOCAL for c, (f, _) in zip(geometry.cameras, expected, strict=True)):
        expected = [(f, 1.0) for f, _ in expected]
        geometry = start_from_edges(geometry, edges, nodes.stars, nodes.tables, fixed, expected, report)
    away = np.linalg.norm(geometry.rotations[members][:, :, 2] - geometry.rotations[fixed][:, 2], axis=1)
    order: list[int] = members[np.lexsort((members, away))].tolist()
    solution = _solved(geometry, nodes.tables, order, expected, report)
    found = _judged(lights, joined, solution, fixed, pointing, limits)
    lenses = [solution.geometry.cameras[k].lens for k in solution.geometry.camera_of[:count]]
    _log(joined, solution, session)
    warnings = _bridge_warnings(session, joined, members)
    if anchors is not None:
        warnings += _header_warnings(session, members, solution, pointing, anchors.mirrored)
    return OnSky(found, fixed, solution, lenses, warnings, anchors)


def _solved(start: Geometry, tables: Sequence[NDArray[np.void]], order: Sequence[int], expected: Sequence[tuple[float, float]],
            report: Callable[[str], None]) -> Solution:
    """The geometry of the lights in ``order``: all are adjusted together, or of thousands a few of each place, to the stars of
    which the others are fitted."""
    if len(order) <= MOST_ADJUSTED:
        return solve(start, tables, [*start.known, *order], expected, report)
    places = places_of(start, order)
    adjusted = adjusted_lights(places, order)
    solution = solve(start, tables, [*start.known, *adjusted], expected, report)
    logger.info("%d of %d lights at %d places are adjusted together", len(adjusted), len(order), int(places.max()) + 1)
    groups = fitted_groups(places, order, adjusted)
    return extended(solution, moved_along(start, solution.geometry, groups), tables, groups, expected, report)


@dataclass(frozen=True)
class _Nodes:
    """Lights, frames of the catalog after them, and how matches join them."""

    cameras: Cameras
    stars: list[SkyStars]
    tables: list[NDArray[np.void]]
    edges: list[Edge]
    joined: Joined

    def with_catalog(self, anchors: Anchors, plausible: Callable[[Edge], bool | None]) -> _Nodes:
        extra, own = tuple(s.camera for s in anchors.stars), self.cameras
        cameras = Cameras(own.cameras + extra, np.concatenate([own.of, len(own.cameras) + np.arange(len(extra))]),
                          own.errors + (0.0,) * len(extra))
        stars, edges = [*self.stars, *anchors.stars], [*self.edges, *anchors.edges]
        joined = join(edges, [s.camera for s in stars], plausible)
        return _Nodes(cameras, stars, [*self.tables, *anchors.tables], edges, joined)


def alignment_of(solution: Solution, frame: int, reference: int) -> Alignment:
    """The transform of a frame's ideal pixels to those of the reference, and how well its stars agree with other frames."""
    stars, residual = solution.of_frame(frame)
    if frame == reference:
        return Alignment(np.eye(3), residual, stars, stars, "identity", "reference")
    lens = solution.geometry.cameras[solution.geometry.camera_of[frame]].lens
    model = "rotation" if not solution.geometry.strain.any() else "rotation and strain"
    return Alignment(solution.geometry.matrix(frame, reference), residual, stars, stars,
                     model if lens is None else f"{model}, lens", "adjustment of all frames")


def _judged(lights: Lights, joined: Joined, solution: Solution, reference: int, pointing: Pointing,
            limits: Limits) -> list[Alignment | str]:
    """The transform of each light, or the reason why it has none."""
    found: list[Alignment | str] = []
    axes = solution.geometry.rotations[:, :, 2]
    for i, m in enumerate(lights.measurements):
        if m is None:
            found.append(lights.reasons.get(i, "it cannot be read"))
        elif joined.group[i] != joined.group[reference]:
            found.append(_why_apart(lights.session, joined, i, reference, pointing, len(m.stars)))
        elif np.degrees(np.arccos(np.clip(axes[i] @ axes[reference], -1, 1))) > LARGEST_ANGLE:
            found.append(Message("it points more than {largest_angle:g} degrees away from the reference; stack it apart",
                                 largest_angle=LARGEST_ANGLE))
        else:
            one = alignment_of(solution, i, reference)
            if i == reference:
                found.append(one)
            elif one.inliers < min(limits.min_inliers, LEAST_SHARED):
                found.append(Message("only {inliers} of its stars agree with those of adjacent frames, {least_shared} are "
                                     "needed", inliers=one.inliers, least_shared=LEAST_SHARED))
            elif not one.residual < limits.max_residual:
                found.append(Message("its stars are {residual:.2f} px off those of the adjacent frames, {max_residual:g} px is "
                                     "the limit", residual=one.residual, max_residual=limits.max_residual))
            else:
                found.append(one)
    return found


def _why_apart(session: Session, joined: Joined, index: int, reference: int, pointing: Pointing, stars: int) -> str:
    of = joined.group[: len(session.lights)]
    group = np.flatnonzero(of == of[index])
    main = int((of == of[reference]).sum())
    if stars < LEAST_STARS:
        found = counted(stars, "only {count} star found", "only {count} stars found")
        return Message("{found}, {least_stars} are needed", found=found, least_stars=LEAST_STARS) if stars else Message(
            "no stars were found")
    if len(group) == 1:
        return Message("no star pattern in common with other lights ({stars} stars found)", stars=stars)
    first = session.lights[group[0]]
    where = "" if first.sky_position is None else Message(" near RA {sky_position:.2f}, Dec {sky_position2:.2f} degrees",
                                                          sky_position=first.sky_position[0],
                                                          sky_position2=first.sky_position[1])
    between = np.degrees(pointing.between(int(group[0]), reference))
    far = Message(", {between:.1f} degrees from the reference", between=between) if np.isfinite(between) else ""
    return Message("it belongs to another field{where}{far}: {count} lights that share no stars with the {main} of this "
                   "picture; stack them as a session of their own", where=where, far=far, count=len(group), main=main)


def _bridge_warnings(session: Session, joined: Joined, members: NDArray[np.int64]) -> list[str]:
    inside = set(members.tolist())
    result: list[str] = []
    for edge, part in joined.bridges:
        part = tuple(i for i in part if i < len(session.lights))
        if edge.one in inside and max(edge.one, edge.other) < len(session.lights):
            small = min(len(part), len(members) - len(part))
            one, other = (session.lights[i].path.name for i in (edge.one, edge.other))
            result.append(Message("{one} and {other} alone tie {small} lights to the others, by {count} stars. Check their "
                                  "place in the picture.", one=one, other=other, small=small, count=len(edge.pairs)))
    return result


def _header_warnings(session: Session, members: NDArray[np.int64], solution: Solution, pointing: Pointing,
                     mirrored: bool) -> list[str]:
    """A warning that names the lights whose headers have another position than their stars."""
    axes = solution.geometry.rotations[members][:, :, 2]
    axes = axes * [1, 1, -1] if mirrored else axes
    apart = 2 * np.arcsin(np.clip(np.linalg.norm(axes - pointing.vectors[members], axis=1) / 2, 0, 1))
    wrong = np.flatnonzero(apart > np.maximum(WRONG_HEADER * pointing.diagonal[members], np.radians(LEAST_HEADER)))
    if not len(wrong):
        return []
    names = [session.lights[members[k]].path.name for k in wrong[:NAMED]]
    more = Message(" and {count} more", count=len(wrong) - NAMED) if len(wrong) > NAMED else ""
    ra, dec = position_of(axes[wrong[0]])
    return [Message("The position in the header of {names}{more} is wrong, by up to {apart:.1f} degrees: the first one points "
                    "to RA {ra:.3f}, Dec {dec:.3f} degrees by plate solving. The headers were not used.",
                    names=", ".join(names), more=more, apart=np.degrees(apart[wrong].max()), ra=ra, dec=dec)]


def _log(joined: Joined, solution: Solution, session: Session) -> None:
    for edge in joined.contradicting:
        if edge.other >= len(session.lights):
            logger.info("The solution of %s contradicts its matches and is dropped", session.lights[edge.one].path.name)
            continue
        logger.info("The match of %s and %s (%d stars) contradicts others and is dropped", session.lights[edge.one].path.name,
                    session.lights[edge.other].path.name, len(edge.pairs))
    for camera in (solution.geometry.cameras[k] for k in solution.geometry.free_cameras):
        lens = camera.lens
        logger.info("Camera of %d x %d px: focal length %.1f px, lens %s, largest displacement %.2f px", *camera.shape[::-1],
                    camera.focal, camera.model, 0.0 if lens is None else lens.largest)
    logger.info("Adjustment on the sky: %d stars of %d frames, residual %.3f px, stars left out %.3f px%s",
                int(solution.tracks.seen.star.max(initial=-1)) + 1, len(np.unique(solution.tracks.seen.frame)),
                float(np.sqrt(np.mean((solution.residual**2).sum(axis=1)))) if len(solution.residual) else np.nan,
                solution.cross_check, ", with strains" if solution.geometry.strain.any() else "")
