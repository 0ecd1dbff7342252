"""The plan of a run: which phases are kept, which are repeated, and why."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestrator.errors import ConfigError
from orchestrator.io.fits import ImageLayout
from orchestrator.message import Message
from orchestrator.pipeline.checkpoint import Checkpoint, Checkpoints, Damaged
from orchestrator.pipeline.fingerprints import Basis, differences
from orchestrator.pipeline.registry import MAKERS, PHASES, needs
from orchestrator.rundir.output_files import OutputFile, restorable, restore, unchanged
from orchestrator.stacking.state import RunState

__all__ = ["Plan", "apply_plan", "changed_files", "make_plan"]

logger = logging.getLogger(__name__)

# The reason given for --from-phase.
REQUESTED = "requested by --from-phase"
ORDER = {phase.name: i for i, phase in enumerate(PHASES)}


@dataclass(frozen=True)
class Plan:
    """``kept`` are the checkpoints that remain valid; ``repeated`` gives the reason for each phase that runs, in order; ``bases``
    are those of all phases.
    """

    bases: dict[str, Basis]
    kept: dict[str, Checkpoint]
    repeated: dict[str, str]

    def explain(self) -> list[tuple[str, str, str]]:
        """(phase, "kept" or "repeated", reason) of every phase."""
        return [(p.name, "repeated" if p.name in self.repeated else "kept", self.repeated.get(p.name, "")) for p in PHASES]


def make_plan(store: Checkpoints, bases: dict[str, Basis], from_phase: str | None = None,
              damaged: Mapping[str, str] | None = None) -> Plan:
    """The plan that leads to the result of a new run with these settings and inputs.

    A phase runs if it has not finished, if its fingerprint differs from that of its checkpoint, if it is ``from_phase``, if a
    phase whose result it uses runs again, or if its results are lost and still needed.

    Raises
    ------
    ConfigError : ``from_phase`` does not exist, or a phase before it would have to run.
    """
    if from_phase is not None and from_phase not in ORDER:
        raise ConfigError(Message("--from-phase {from_phase!r} is not a phase.",
                                  from_phase=from_phase), f"Phases: {', '.join(ORDER)}.")
    found = {p.name: store.read(p.name) for p in PHASES}
    kept: dict[str, Checkpoint] = {}
    repeated: dict[str, str] = {}
    for phase in PHASES:
        name, checkpoint = phase.name, found[phase.name]
        follows = [n for n in needs(phase) if n in repeated]
        if checkpoint is None:
            repeated[name] = "it has not finished"
        elif changes := differences(checkpoint.basis, bases[name]):
            repeated[name] = "; ".join(changes)
        elif name == from_phase:
            repeated[name] = REQUESTED
        elif follows:
            repeated[name] = Message("it uses {follows}", follows=_list(follows))
        elif damaged and name in damaged:
            repeated[name] = damaged[name]
        elif checkpoint.fingerprint != bases[name].fingerprint:
            repeated[name] = "a phase before it was changed"
        else:
            kept[name] = checkpoint
    if from_phase is not None:
        early = [n for n in repeated if ORDER[n] < ORDER[from_phase] and not (damaged and n in damaged)]
        if early:
            raise ConfigError(Message("--from-phase {from_phase}: {early} comes before it and has to be repeated ({repeated}).",
                                      from_phase=from_phase, early=early[0], repeated=repeated[early[0]]),
                              Message("Use --from-phase {early}, or leave --from-phase out.", early=early[0]))
    _add_lost(store, found, kept, repeated)
    return Plan(bases, kept, {n: repeated[n] for n in ORDER if n in repeated})


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _add_lost(store: Checkpoints, found: Mapping[str, Checkpoint | None], kept: dict[str, Checkpoint],
              repeated: dict[str, str]) -> None:
    """Add the phases that must run again only because some of their results are lost, until nothing is missing."""
    chains, known = _chains(found), dict[OutputFile, bool]()
    while True:
        for name, why in (*_lost_data(store, found, kept, repeated), *_lost_files(store.run, chains, kept, repeated, known)):
            if name in kept:
                del kept[name]
                repeated[name] = why
                break
        else:
            return


def _lost_data(store: Checkpoints, found: Mapping[str, Checkpoint | None], kept: Mapping[str, Checkpoint],
               repeated: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Phases whose arrays or calibrated pixels are lost and needed by a phase that runs."""
    for phase in PHASES:
        if phase.name not in repeated:
            continue
        for field in phase.uses:
            checkpoint = found[MAKERS[field]]
            while MAKERS[field] in kept and checkpoint and (other := store.same_as(checkpoint, field)):
                field, checkpoint = other, found[MAKERS[other]]
            if MAKERS[field] in kept and not store.has(kept[MAKERS[field]], field):
                yield MAKERS[field], Message("its arrays were removed, {phase} needs them", phase=phase.name)
        if phase.pixels:
            yield from _lost_pixels(store, found, phase.name)


def _lost_pixels(store: Checkpoints, found: Mapping[str, Checkpoint | None], user: str) -> Iterator[tuple[str, str]]:
    """The phases that write the scratch files from which calibrated frames are read, if some are missing."""
    state = RunState(())
    for name, field in (("CALIBRATION", "calibrated"), ("REGISTRATION", "frames")):
        checkpoint = found[name]
        with contextlib.suppress(Damaged):  # reported when it is loaded
            if checkpoint is not None:
                store.load(checkpoint, state, [field])
    calibrated = _pixel_files(state.calibrated.readers if state.has("calibrated") else ())
    # Registration reads calibrated frames, later phases read registered ones.
    registered = state.has("frames") and user != "REGISTRATION"
    read = _pixel_files([f.reader for f in state.frames.frames]) if registered else calibrated
    gone = sorted(p for p, size in read.items() if p.is_relative_to(store.run) and not _is_whole(p, size))
    if gone:
        why = Message("the calibrated frames in {run} are missing, {user} reads them",
                      run=gone[0].parent.relative_to(store.run), user=user)
        yield "CALIBRATION", why
        if not calibrated.keys() >= set(gone):
            yield "REGISTRATION", why


def _pixel_files(readers: Iterable[Any]) -> dict[Path, int]:
    """Every file that readers read, and the size in bytes that it must have."""
    found: dict[Path, int] = {}
    for reader in readers:
        layout = getattr(reader, "layout", None)
        if isinstance(layout, ImageLayout):
            end = layout.data_offset + layout.stored_bytes
            found[layout.path] = max(found.get(layout.path, 0), end)
        found |= {p: 1 for k in ("dark", "flat", "bad", "bias", "pattern") if isinstance(p := getattr(reader, k, None), Path)}
    return found


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size >= size
    except OSError:
        return False


def _chains(found: Mapping[str, Checkpoint | None]) -> dict[str, list[tuple[str, OutputFile]]]:
    """For each file the phases that wrote or changed it, in their order."""
    chains: dict[str, list[tuple[str, OutputFile]]] = {}
    for phase in PHASES:
        checkpoint = found.get(phase.name)
        for file in checkpoint.files if checkpoint else ():
            chains.setdefault(file.path, []).append((phase.name, file))
    return chains


def _lost_files(run: Path, chains: Mapping[str, list[tuple[str, OutputFile]]], kept: Mapping[str, Checkpoint],
                repeated: Mapping[str, str], known: dict[OutputFile, bool]) -> Iterator[tuple[str, str]]:
    """Phases whose files are missing, or are written again by a repeated phase. ``known``: which files can be restored."""
    for path, chain in chains.items():
        states = [file for name, file in chain if name in kept]
        if not states:
            continue
        first = next((i for i, (name, _) in enumerate(chain) if name in repeated), len(chain))
        for name, _ in chain[first:]:
            yield name, Message("{chain} writes {path} again", chain=chain[first][0], path=path)
        last = states[-1]
        if last not in known:
            known[last] = restorable(run, last)
        if not known[last]:
            yield chain[0][0], Message("{path} is missing or was changed", path=path)


def changed_files(store: Checkpoints, plan: Plan) -> list[str]:
    """The files of kept phases that are missing or were changed, relative to the run directory; :func:`apply_plan` restores
    them."""
    return [file.path for file in _last_states(plan) if not unchanged(store.run, file)]


def _last_states(plan: Plan) -> list[OutputFile]:
    """Each file of kept phases, as the last of them left it."""
    chains = _chains({name: checkpoint for name, checkpoint in plan.kept.items()})
    return [chain[-1][1] for chain in chains.values()]


def apply_plan(store: Checkpoints, plan: Plan) -> None:
    """Bring the run directory to the state in which the plan begins: restore files of kept phases, delete those of others."""
    if plan.kept:
        for name, why in plan.repeated.items():
            logger.info("%s is repeated: %s", name, why)
    for path, chain in _chains({p.name: store.read(p.name) for p in PHASES}).items():
        states = [file for name, file in chain if name in plan.kept]
        if states:
            restore(store.run, states[-1])
        else:
            (store.run / path).unlink(missing_ok=True)
    store.recover_interrupted({file.path for checkpoint in plan.kept.values() for file in checkpoint.files})
    requested = any(why == REQUESTED for why in plan.repeated.values())
    if requested:  # everything is computed again, although nothing has changed
        store.clear_previous()
    for phase in PHASES:
        if phase.name in plan.repeated and phase.reuses_previous and not requested:
            store.archive(phase.name)
        elif phase.name in plan.repeated:
            store.drop(phase.name)
