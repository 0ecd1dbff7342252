"""The settings as a list with type, choices, default and help, for the window, the command line and the report."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from orchestrator.config.effects import EFFECTS
from orchestrator.config.settings import RunConfig

__all__ = ["Setting", "SettingSection", "check_settings", "problems_of", "read_value", "setting_sections", "settings_of"]

Problems = dict[str, str]


@dataclass(frozen=True)
class Setting:
    """One setting.

    ``key`` is dotted, as in ``--set``. ``kind`` is "bool", "choice", "int", "float", "path", "text" or "other" (lists and
    tables, written as YAML). ``choices`` are the values of a choice. ``optional``: it may be empty (None). ``default`` is
    a JSON value; ``help`` is one or two English sentences, ``effect`` what changes in the picture or the time of a run ("": not
    stated).
    """

    key: str
    kind: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    effect: str = ""

    @property
    def name(self) -> str:
        return self.key.rpartition(".")[2]


@dataclass(frozen=True)
class SettingSection:
    """A section of the configuration with its one-line help and its settings in the order of the models."""

    key: str
    help: str
    settings: tuple[Setting, ...]


def setting_sections() -> tuple[SettingSection, ...]:
    """All settings by section; settings of a nested section are listed in the outer one."""
    return tuple(SettingSection(name, _first_line(model), tuple(settings_of(model, f"{name}.")))
                 for name, model in _sections(RunConfig))


def check_settings(settings: Mapping[str, Any]) -> Problems:
    """Errors in a mapping such as a configuration file: dotted key of a setting or section -> message; {} if there are none."""
    return problems_of(settings, RunConfig)


def problems_of(values: Mapping[str, Any], model: type[BaseModel]) -> Problems:
    """As :func:`check_settings`, for another model."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        found: Problems = {}
        for problem in error.errors():
            key = _known_key(problem["loc"], model)
            found.setdefault(key, problem["msg"].removeprefix("Value error, "))
        return found
    return {}


def read_value(text: str, setting: Setting) -> Any:
    """Value of the text typed for a setting, read as YAML; ValueError if it is not valid YAML."""
    stripped = text.strip()
    if not stripped:
        return None if setting.optional else ""
    if setting.kind in ("text", "path", "choice"):
        return stripped
    try:
        return yaml.safe_load(stripped)
    except yaml.YAMLError as error:
        raise ValueError(f"{stripped[:60]!r} is not valid YAML") from error


def _sections(model: type[BaseModel]) -> list[tuple[str, type[BaseModel]]]:
    return [(name, kind) for name, info in model.model_fields.items() if (kind := _as_model(info.annotation)) is not None]


def _as_model(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _first_line(model: type[BaseModel]) -> str:
    own = model.__dict__.get("__doc__") or ""
    return own.strip().splitlines()[0] if own.strip() else ""


def settings_of(model: type[BaseModel], prefix: str = "") -> list[Setting]:
    """Settings of a model and of nested models; keys start with ``prefix``."""
    found: list[Setting] = []
    for name, info in model.model_fields.items():
        inner = _as_model(info.annotation)
        if inner is not None:
            found += settings_of(inner, f"{prefix}{name}.")
            continue
        kind, choices, optional = _kind(info.annotation)
        default = None if info.is_required() else to_jsonable_python(info.get_default(call_default_factory=True))
        found.append(Setting(prefix + name, kind, default, info.description or "", choices, optional,
                             EFFECTS.get(prefix + name, "")))
    return found


def _kind(annotation: Any) -> tuple[str, tuple[str, ...], bool]:
    """Kind, choices, and whether None is allowed."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        rest = [a for a in inside if a is not type(None)]
        kind, choices, _ = _kind(rest[0]) if len(rest) == 1 else ("other", (), False)
        return kind, choices, len(rest) < len(inside)
    if origin is Literal:
        return "choice", tuple(str(a) for a in inside), False
    if hasattr(annotation, "__metadata__"):  # Annotated, as of a positive number
        return _kind(inside[0])
    simple = {bool: "bool", int: "int", float: "float", str: "text", Path: "path"}
    return simple.get(annotation, "other"), (), False


def _known_key(location: tuple[int | str, ...], whole: type[BaseModel]) -> str:
    """Key of the setting or section where an error is; "" for the whole configuration."""
    model: type[BaseModel] | None = whole
    keys: list[str] = []
    for part in location:
        if model is None or part not in model.model_fields:
            break
        keys.append(str(part))
        model = _as_model(model.model_fields[str(part)].annotation)
    return ".".join(keys)
