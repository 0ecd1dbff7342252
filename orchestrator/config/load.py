"""Loading of configurations: files, presets and overrides, with errors that name file, line, value and remedy."""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined, to_jsonable_python

from orchestrator.config.renamed import OLD_PRESETS, OLD_SETTINGS, old_settings_in
from orchestrator.config.settings import RunConfig
from orchestrator.config.trust import refuse_untrusted
from orchestrator.errors import ConfigError

__all__ = ["config_schema", "dump_config", "explained", "load_config", "parse_yaml", "preset_names", "preset_settings"]

Path_ = tuple[str, ...]
# Settings are nested less deeply; a file that refers to itself is endless.
MAX_DEPTH = 8
# Aliases of aliases grow without bound.
MAX_ALIASES = 8
_OPENING = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken, yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def preset_names() -> dict[str, str]:
    """Name -> purpose of each preset (the first comment line of its file)."""
    found = {}
    for entry in resources.files("orchestrator.config").joinpath("presets").iterdir():
        if entry.name.endswith(".yaml"):
            found[entry.name[:-5]] = entry.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
    return dict(sorted(found.items()))


def preset_settings(preset: str) -> dict[str, Any]:
    """Settings of a preset by section; ConfigError if there is no preset of that name."""
    return _preset(preset)[0]


def _preset(preset: str) -> tuple[dict[str, Any], dict[Path_, str]]:
    names = preset_names()
    if preset in OLD_PRESETS:
        raise ConfigError(f"The preset {preset!r} is now called {OLD_PRESETS[preset]!r}.", f"Use --preset {OLD_PRESETS[preset]}.")
    if preset not in names:
        raise ConfigError(f"There is no preset {preset!r}.", f"Presets: {', '.join(names)}.{_nearest(preset, names)}")
    text = resources.files("orchestrator.config").joinpath("presets", f"{preset}.yaml").read_text(encoding="utf-8")
    return parse_yaml(text, f"preset {preset}")


def load_config(files: Sequence[Path] = (), preset: str | None = None, overrides: Sequence[str] = (), *,
                base: Mapping[str, Any] | None = None, base_name: str = "", only_shown: bool = False) -> RunConfig:
    """Configuration from a preset, a mapping (``base``, named ``base_name`` in messages), files and ``section.key=value``
    overrides; later ones win.

    Parameters
    ----------
    only_shown : nothing is run with these settings, so that files may name programs without being trusted.

    Raises
    ------
    ConfigError : a setting is unknown or invalid, or a file that names programs is not trusted (config/trust.py).
    """
    merged: dict[str, Any] = {}
    origin: dict[Path_, str] = {}
    if preset is not None:
        _merge(merged, *_preset(preset), origin)
    if base:
        _merge(merged, copy.deepcopy(dict(base)), {(str(k),): base_name for k in base}, origin)
    for file in files:
        try:
            text = Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{file} cannot be read: {error.strerror}.", "Check the path of --config.") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
        content, places = parse_yaml(text, str(file))
        if not only_shown:
            refuse_untrusted(Path(file), content)
        _merge(merged, content, places, origin)
    for override in overrides:
        key, separator, value = override.partition("=")
        if not separator or not key.strip():
            raise ConfigError(f"--set {override!r} is not of the form section.key=value.",
                              "For example --set stacking.rejection=sigma.")
        path = tuple(key.strip().split("."))
        nested: Any = _value(value, override)
        for name in reversed(path):
            nested = {name: nested}
        _merge(merged, nested, {path: f"--set {override}"}, origin)
    _refuse_old_names(merged, origin)
    _check_keys(merged, RunConfig, (), origin)
    try:
        return RunConfig.model_validate(merged)
    except ValidationError as error:
        raise explained(error, origin) from None


def _value(text: str, override: str) -> Any:
    try:
        _check_size(text)
        return yaml.safe_load(text) if text.strip() else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"--set {_short(override)}: the value is not valid YAML.", "Quote it as in a YAML file.") from error


def _check_size(text: str) -> None:
    """ValueError for YAML that is short as text but huge, or endless, as a value."""
    depth = aliases = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        aliases += isinstance(token, yaml.AliasToken)
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
        if aliases > MAX_ALIASES:
            raise ValueError(f"it uses more than {MAX_ALIASES} aliases (*name)")


def parse_yaml(text: str, name: str) -> tuple[dict[str, Any], dict[Path_, str]]:
    """Content and the place (file:line) of each key."""
    try:
        _check_size(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (RecursionError, ValueError) as error:
        raise ConfigError(f"{name}: this is not a valid configuration: {str(error)[:200]}.",
                          "See `orchestrate config init`.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise ConfigError(f"{where}: this is not YAML: {getattr(error, 'problem', error)}.",
                          "Check the indentation and the colons.") from error
    if content is None:
        return {}, {}
    if not isinstance(content, dict):
        raise ConfigError(f"{name}: a configuration has sections such as 'stacking:'.", "See `orchestrate config init`.")
    places: dict[Path_, str] = {}

    def walk(mapping: Any, prefix: Path_) -> None:
        for key, value in mapping.value:
            path = (*prefix, str(key.value))
            if path in places and key.value != "<<":
                raise ConfigError(f"{name}:{key.start_mark.line + 1}: {'.'.join(path)} is set twice (first on line "
                                  f"{places[path].rpartition(':')[2]}).", "Keep one of them.")
            places[path] = f"{name}:{key.start_mark.line + 1}"
            if isinstance(value, yaml.MappingNode) and len(path) < MAX_DEPTH:  # an alias may lead back
                walk(value, path)

    walk(node, ())
    return content, places


def _merge(target: dict[str, Any], content: dict[str, Any], places: dict[Path_, str], origin: dict[Path_, str]) -> None:
    for key, value in content.items():
        if isinstance(value, dict) and isinstance(target.get(str(key)), dict):
            _merge(target[str(key)], value, {}, {})
        elif value is None and isinstance(target.get(str(key)), dict):
            continue  # a section whose settings are all commented out changes nothing
        else:
            target[str(key)] = value
    origin.update(places)


def _refuse_old_names(content: Mapping[str, Any], origin: dict[Path_, str]) -> None:
    """Raise ConfigError with all renamed settings and their new names."""
    old = old_settings_in(content)
    if len(old) == 1:
        dotted = ".".join(old[0])
        raise ConfigError(f"{_where(old[0], origin)}: the setting {dotted!r} is now called {OLD_SETTINGS[dotted]!r}.",
                          "Rename it.")
    if old:
        renamed = "\n".join(f"{_where(path, origin)}: {'.'.join(path)} -> {OLD_SETTINGS['.'.join(path)]}" for path in old)
        raise ConfigError(f"{len(old)} settings have other names now:\n{renamed}\n", "Rename them.")


def _check_keys(content: Any, model: type[BaseModel], prefix: Path_, origin: dict[Path_, str]) -> None:
    """Reject unknown keys: the message names the nearest one that exists."""
    for key, value in content.items():
        path = (*prefix, str(key))
        where, dotted = _where(path, origin), ".".join(path)
        if key not in model.model_fields:
            everywhere = {k: k for k in model.model_fields} | {k.split(".")[-1]: k for k in _all_keys(RunConfig)}
            near = difflib.get_close_matches(str(key), list(everywhere), n=1, cutoff=0.5)
            hint = f"Did you mean {'.'.join((*prefix, near[0])) if near[0] in model.model_fields else everywhere[near[0]]!r}?" \
                if near else f"Valid here: {', '.join(model.model_fields)}."
            raise ConfigError(f"{where}: unknown setting {dotted!r}.", hint)
        kind = model.model_fields[key].annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if value is None:
                content[key] = {}
                continue
            if not isinstance(value, dict):
                raise ConfigError(f"{where}: {dotted} is a section, not the value {_short(value)}.",
                                  f"Its settings: {', '.join(kind.model_fields)}.")
            _check_keys(value, kind, path, origin)


def _all_keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys += _all_keys(kind, f"{prefix}{name}.")
        else:
            keys.append(prefix + name)
    return keys


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 200 else f"{shown[:200]} ..."


def _nearest(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _where(path: Path_, origin: dict[Path_, str]) -> str:
    """Place of a key, else of the section that contains it, else of a key below it."""
    for length in range(len(path), 0, -1):
        if path[:length] in origin:
            return origin[path[:length]]
    return next((place for key, place in origin.items() if key[: len(path)] == path), "configuration")


def explained(error: ValidationError, origin: dict[Path_, str]) -> ConfigError:
    problem = error.errors()[0]
    path = tuple(str(p) for p in problem["loc"])
    dotted = ".".join(path)
    message = problem["msg"].removeprefix("Value error, ")
    value = problem.get("input")
    shown = "" if isinstance(value, dict | BaseModel) else f" is {_short(value)}"
    context = problem.get("ctx", {})
    hint = ""
    if problem["type"] == "literal_error":
        hint = _nearest(str(value), [w.strip("'") for w in str(context.get("expected", "")).replace(" or ", ", ").split(", ")])
    end = "" if message[-1:] in ("?", ".", "!") else "."
    return ConfigError(f"{_where(path, origin)}: {dotted}{shown}: {message}{end}", f"Correct the value.{hint}")


def config_schema() -> dict[str, Any]:
    """JSON schema of the configuration."""
    return RunConfig.model_json_schema()


def dump_config(config: RunConfig, *, only_changed: bool = False) -> str:
    """The configuration as commented YAML."""
    lines: list[str] = []
    _dump(config, "", lines, only_changed)
    return "\n".join(lines) + "\n" if lines else "{}\n"


def _dump(model: BaseModel, indent: str, lines: list[str], only_changed: bool) -> None:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            inner: list[str] = []
            _dump(value, indent + "  ", inner, only_changed)
            if inner:
                doc = (type(value).__doc__ or "").strip().splitlines()
                if doc and not only_changed and indent == "" and type(value).__doc__ != type(value).__base__.__doc__:
                    lines.append(f"{indent}# {doc[0]}")
                lines += [f"{indent}{name}:", *inner]
            continue
        default = info.get_default(call_default_factory=True)
        if only_changed and default is not PydanticUndefined and value == default:
            continue
        text = json.dumps(str(value) if isinstance(value, Path) else to_jsonable_python(value), ensure_ascii=False)
        comment = f"   # {info.description}" if info.description and not only_changed else ""
        lines.append(f"{indent}{name}: {text}{comment}")
