"""The plan of the scripts: nights, masters and names, decided before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from orchestrator.combination.palettes import LUMINANCE
from orchestrator.engines.siril.engine import OPTIMISATION_SQUARE
from orchestrator.engines.siril.work_folder import unusable_reason
from orchestrator.errors import ConfigError, InputError
from orchestrator.scripting.filters import Combination, channels_of, combination
from orchestrator.scripting.groups import night_parts, scales_dark
from orchestrator.scripting.names import master_name, safe, stack_name, unique
from orchestrator.scripting.options import ScriptOptions
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.script import MAX_LINE_BYTES, MAX_WORDS

__all__ = ["FOLDERS", "Channel", "Layout", "Master", "Night", "merge_steps", "plan_scripts"]

FOLDERS = {Role.LIGHT: "lights", Role.DARK: "darks", Role.FLAT: "flats", Role.BIAS: "biases", Role.DARKFLAT: "darkflats"}
# In the order in which masters are made: a master may need those before it.
ORDER = (Role.BIAS, Role.DARKFLAT, Role.DARK, Role.FLAT)


@dataclass(frozen=True)
class Master:
    """One master, made from ``frames`` in ``folder`` or ``given`` by the user. ``bias``, ``darkflat``: names of other masters."""

    kind: str
    name: str
    frames: tuple[FrameInfo, ...]
    folder: str = ""
    given: FrameInfo | None = None
    bias: str = ""
    darkflat: str = ""
    bias_level: float | None = None
    packing: str = "none"
    nights: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.frames)


@dataclass(frozen=True)
class Night:
    """One night. ``masters``: names by kind. ``first``: number of its first light among those of all nights. ``reference``:
    number of the reference light among its own lights (0: not set). ``apart``: its frames are linked into a common sequence,
    because the nights differ in size or filter. ``scale_dark``: see
    :func:`scales_dark`."""

    name: str
    session: Session
    lights: tuple[FrameInfo, ...]
    stack: str
    masters: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    bias_level: float | None = None
    scale_dark: str = ""
    packing: str = "none"
    first: int = 1
    reference: int = 0
    apart: bool = False

    @property
    def count(self) -> int:
        return len(self.lights)

    @property
    def cfa(self) -> bool:
        return self.session.cfa is not None

    @property
    def coloured(self) -> bool:
        """Whether its stack is a colour image."""
        return self.cfa or len(self.session.shape) == 3


@dataclass(frozen=True)
class Channel:
    """The nights of one filter, and the name of its stack. All stacks are on the pixels of the first one."""

    name: str
    filter: str
    nights: tuple[Night, ...]
    stack: str


@dataclass(frozen=True)
class Layout:
    """Everything that is written. ``notes``: messages for the user. ``merges``: (sequences, target) in order. With several
    filters: ``channels``, and their ``combination`` if they make an image."""

    name: str
    nights: tuple[Night, ...]
    masters: tuple[Master, ...]
    merges: tuple[tuple[tuple[str, ...], str], ...]
    notes: tuple[str, ...]
    options: ScriptOptions
    channels: tuple[Channel, ...] = ()
    combination: Combination | None = None

    @property
    def reference(self) -> int:
        """Number of the reference light among those of all nights; 0: not set."""
        return next((n.first + n.reference - 1 for n in self.nights if n.reference), 0)

    @property
    def result(self) -> str:
        return f"{self.name}_final"

    @property
    def results(self) -> tuple[str, ...]:
        """The results of ``run_project.ssf``; the final image last."""
        if not self.channels:
            return (self.result,)
        return (*(c.stack for c in self.channels), *([self.result] if self.combination is not None else []))


def plan_scripts(nights: Sequence[Session], options: ScriptOptions | None = None, name: str = "") -> Layout:
    """Decide on folders, masters and names; nothing is written.

    Raises
    ------
    InputError : a night has fewer than two lights, or the nights cannot be stacked together.
    ConfigError : options that are not possible with these frames.
    """
    options = options or ScriptOptions()
    notes: list[str] = []
    nights = [part for session in nights for night in (session.nights or (session,)) for part in night_parts(night, notes)]
    if not nights:
        raise InputError("No night is given.", "Name the folder of at least one session.")
    if options.reference == "first":
        options = options.model_copy(update={"reference": nights[0].lights[0].path.as_posix()})
    channels = channels_of(nights, options.channels)
    if channels:
        nights, channels = _by_channel(nights, channels, options.reference, notes)
    lights = [_usable(session, notes) for session in nights]
    _refuse(nights, options, several=bool(channels))
    names = unique(safe(session.name, "night", 40) for session in nights)
    if channels:
        names = unique(f"{safe(s.name, 'night', 40)}_{c}" for s, c in zip(nights, channels, strict=True))
    elif len(nights) > 1:
        names = unique(("night_" + n) if n.lower() in ("process", "masters") else n for n in names)
    elif names[0].lower() in ("process", "masters"):
        names = [f"night_{names[0]}"]
    apart = len({session.shape[-2:] for session in nights}) > 1 or bool(channels)
    packing = _packing(nights, sum(map(len, lights)), apart, options, notes)
    masters: dict[tuple[object, ...], Master] = {}
    planned: list[Night] = []
    first = 1
    for k, (session, usable, night) in enumerate(zip(nights, lights, names, strict=True)):
        made = _masters(session, night, options, masters)
        if channels and k and channels[k] != channels[k - 1]:
            first = 2  # the sequence begins with the stack of the first channel, to which the frames are registered
        planned.append(_night(session, usable, night, made, options, packing, first, apart))
        first += len(usable)
    ready = tuple(_named(masters.values()))
    final = {id(old): new.name for old, new in zip(masters.values(), ready, strict=True)}
    by_key = {old.name: final[id(old)] for old in masters.values()}
    planned = [replace(n, masters={k: by_key[v] for k, v in n.masters.items()}, needs=tuple(by_key[v] for v in n.needs))
               for n in planned]
    ready = tuple(replace(m, bias=by_key.get(m.bias, ""), darkflat=by_key.get(m.darkflat, "")) for m in ready)
    used = {name for n in planned for name in n.masters.values()} | {name for m in ready for name in (m.bias, m.darkflat)}
    ready = tuple(m for m in ready if m.name in used)
    _check_reference(planned, options)
    common = {session.lights[0].object for session in nights}
    title = safe(name or (common.pop() or "" if len(common) == 1 else "") or nights[0].name, "stack")
    sources = [f"../{n.name}/process/pp_light" for n in planned]
    merges = tuple(merge_steps(sources, "all")) if len(nights) > 1 and not apart else ()
    stacks = _stacks(planned, channels, title)
    made_of = combination([c.name for c in stacks], options.palette, mono=not planned[0].coloured)
    if stacks and made_of is None:
        notes.append("The stacks of the filters are not combined: " + (
            "the frames are colour images." if planned[0].coloured else "output.palette is none."
            if options.palette == "none" else f"there is no palette for {', '.join(c.name for c in stacks)}."))
    # Notes become comments of one line each, whatever characters file names contain.
    plain = (" ".join(note.encode("utf-8", "replace").decode().split()) for note in notes)
    return Layout(title, tuple(planned), ready, merges, tuple(dict.fromkeys(plain)), options, stacks, made_of)


def _by_channel(nights: Sequence[Session], channels: Sequence[str], reference: str, notes: list[str]
                ) -> tuple[list[Session], list[str]]:
    """Nights and their channels, sorted by channel: first that of the reference light, else the luminance, else the one with most
    lights. A night with a single light of a filter is excluded from that filter."""
    lights: Counter[str] = Counter()
    for night, channel in zip(nights, channels, strict=True):
        lights[channel] += len(night.lights)
    with_reference = {c for n, c in zip(nights, channels, strict=True) if _number_of(reference, n.lights)}
    order = sorted(lights, key=lambda c: (c not in with_reference, c != LUMINANCE, -lights[c]))
    pairs = sorted(zip(nights, channels, strict=True), key=lambda pair: order.index(pair[1]))
    alone = [pair for pair in pairs if len(pair[0].lights) < 2]
    notes += [f"{n.name}: the single light of {c} is excluded, because Siril needs two." for n, c in alone]
    pairs = [pair for pair in pairs if pair not in alone]
    return [n for n, _ in pairs], [c for _, c in pairs]


def _number_of(reference: str, lights: Sequence[FrameInfo]) -> int:
    """Number of the reference light, beginning with 1; 0 if it is not one of these."""
    wanted = PurePath(reference).parts
    return next((k for k, f in enumerate(lights, 1) if f.path.parts[-len(wanted):] == wanted), 0)


def _stacks(nights: Sequence[Night], channels: Sequence[str], title: str) -> tuple[Channel, ...]:
    found = []
    for channel in dict.fromkeys(channels):
        own = tuple(n for n, c in zip(nights, channels, strict=True) if c == channel)
        found.append(Channel(channel, own[0].session.lights[0].filter or "", own, f"{title}_{channel}"))
    return tuple(found)


def merge_steps(sources: Sequence[str], target: str) -> list[tuple[tuple[str, ...], str]]:
    """(sequences, target) of the merges that end in ``target``; each fits into one line of a script."""
    groups: list[list[str]] = [[]]
    for source in sources:
        line = " ".join(["merge", *groups[-1], source, f"{target}_00"])
        if len(groups[-1]) + 3 > MAX_WORDS or len(line.encode()) > MAX_LINE_BYTES:
            groups.append([])
        groups[-1].append(source)
    if len(groups) == 1:
        return [(tuple(sources), target)]
    if len(groups[-1]) == 1:  # a merge needs at least two sequences
        groups[-1].insert(0, groups[-2].pop())
    parts = [f"{target}_{number}" for number in range(1, len(groups) + 1)]
    steps = [(tuple(group), part) for group, part in zip(groups, parts, strict=True)]
    return steps + merge_steps(parts, target)


def _usable(session: Session, notes: list[str]) -> tuple[FrameInfo, ...]:
    """Lights that Siril can read: one unreadable frame would end the whole script."""
    bad = {frame.path: why for frame in session.lights if (why := unusable_reason(frame, session.shape))}
    notes += [f"{path.name} is excluded: {why}".rstrip(".") + "." for path, why in bad.items()]
    usable = tuple(frame for frame in session.lights if frame.path not in bad)
    if len(usable) < 2:
        raise InputError(f"The night {session.name} has {len(usable)} readable lights; Siril needs two.",
                         "Remove this night, or add lights.")  # fmt: skip
    return usable


def _refuse(nights: Sequence[Session], options: ScriptOptions, *, several: bool) -> None:
    """Refuse what Siril cannot do with these nights; ``several``: they have several filters."""
    first = nights[0]
    if several and options.drizzle:
        raise ConfigError("Siril cannot drizzle several filters onto the same pixels.",
                          "Choose --no-drizzle, or one filter: --set input.filter=NAME.")

    def require_equal(problem: str, values: Iterable[object], remedy: str) -> None:
        known = list(values)
        odd = next((n for n, v in zip(nights, known, strict=True) if v != known[0]), None)
        if odd is not None:
            raise InputError(f"The nights {first.name} and {odd.name} cannot be stacked together: {problem}.", remedy)

    require_equal("one is mono, the other colour", [n.cfa is not None or len(n.shape) == 3 for n in nights],
                  "Write scripts for each camera separately.")  # fmt: skip
    if options.drizzle:
        require_equal("drizzle needs the same CFA pattern in all", [n.cfa for n in nights], "Choose --no-drizzle.")
        if any(len(n.shape) == 3 for n in nights):
            raise ConfigError("Siril cannot drizzle colour images.", "Choose --no-drizzle.")
    if options.framing == "cog" and len({n.shape[-2:] for n in nights}) > 1:
        raise ConfigError("The nights differ in size, and Siril cannot frame them at their centre of gravity.",
                          "Choose --framing current, min or max.")  # fmt: skip
    if options.calibration.dark_scaling:
        for night in nights:
            if min(night.shape[-2:]) < OPTIMISATION_SQUARE:
                raise ConfigError(f"Siril scales darks only on frames with sides of at least {OPTIMISATION_SQUARE} pixels.",
                                  "Set calibration.dark_scaling to false.")  # fmt: skip
            if Role.DARK in night.masters:
                raise ConfigError(f"The master dark of {night.name} contains the bias and cannot be scaled.",
                                  "Set calibration.dark_scaling to false, or use the darks instead of the master.")  # fmt: skip


def _packing(nights: Sequence[Session], count: int, apart: bool, options: ScriptOptions, notes: list[str]) -> str:
    if options.packing == "none" or count <= options.pack_above:
        return "none"
    for why, holds in (("the nights differ in size or filter", apart),
                       ("framing max needs single files", options.framing == "max")):
        if holds:
            notes.append(f"The {count} lights remain single files, because {why}; Siril opens all of them at once, "
                         "which Windows may refuse for more than 2048 files.")  # fmt: skip
            return "none"
    if options.packing == "ser" and any(f.bitpix not in (8, 16) or len(f.shape) == 3 for n in nights for f in n.lights):
        raise ConfigError("SER files can only contain raw frames of up to 16 bits.", "Choose --packing fitseq.")
    return "fitseq" if options.packing == "auto" else options.packing


def _masters(session: Session, night: str, options: ScriptOptions, masters: dict[tuple[object, ...], Master]) -> dict[str, str]:
    """Key names of the masters of a night by kind; new masters are added, those of other nights are shared."""
    made: dict[str, str] = {}
    level = options.calibration.synthetic_bias
    for role in ORDER:
        frames, given = session.frames.get(role, ()), session.masters.get(role)
        if given is None and not frames:
            continue
        bias, darkflat, constant = "", "", None
        scaled = role is Role.DARK and bool(scales_dark(session, optimise=options.calibration.dark_scaling))
        if given is None and (role is Role.FLAT or scaled):
            darkflat = made.get("darkflat", "") if role is Role.FLAT else ""
            bias = "" if darkflat else made.get("bias", "")
            constant = None if bias or darkflat else level
        source = (given.path,) if given is not None else tuple(f.path for f in frames)
        key = (role, source, bias, darkflat)
        if key in masters:
            masters[key] = replace(masters[key], nights=(*masters[key].nights, night))
        else:
            packs = given is None and options.packing != "none" and len(frames) > options.pack_above
            masters[key] = Master(
                role.value, f"{role.value}:{len(masters)}", frames or (given,) if given else frames,
                f"{night}/{FOLDERS[role]}", given, bias, darkflat, constant, "fitseq" if packs else "none", (night,))  # fmt: skip
        made[role.value] = masters[key].name
    return made


def _night(session: Session, lights: tuple[FrameInfo, ...], name: str, made: dict[str, str], options: ScriptOptions,
           packing: str, first: int, apart: bool) -> Night:  # fmt: skip
    level = options.calibration.synthetic_bias
    scales = scales_dark(session, optimise=options.calibration.dark_scaling)
    if "dark" not in made or ("bias" not in made and level is None):
        scales = ""
    used = {kind: key for kind, key in made.items() if kind in ("dark", "flat")}
    if "bias" in made and ("dark" not in made or scales):
        used["bias"] = made["bias"]
    constant = level if "bias" not in made and ("dark" not in made or scales) else None
    reference = _number_of(options.reference, lights)
    return Night(name, session, lights, stack_name(name, session), used, tuple(made.values()), constant, scales, packing,
                 first, reference, apart)  # fmt: skip


def _named(masters: Iterable[Master]) -> list[Master]:
    """The masters with names formed from their headers."""
    known = list(masters)
    names = unique(master_name(Role(m.kind), m.frames) for m in known)
    return [replace(master, name=name) for master, name in zip(known, names, strict=True)]


def _check_reference(nights: Sequence[Night], options: ScriptOptions) -> None:
    found = [night.name for night in nights if night.reference]
    if options.reference != "auto" and not found:
        raise ConfigError(f"registration.reference: there is no light {options.reference!r}.",
                          "Use the file name of a light, or auto.")  # fmt: skip
    if len(found) > 1:
        raise ConfigError(f"registration.reference: {options.reference!r} is a light of {' and of '.join(found)}.",
                          "Add the folders before the name that make it unique.")  # fmt: skip
