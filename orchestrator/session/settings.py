"""The settings of single nights: those of the run with the overrides of the night."""

from __future__ import annotations

from pydantic import ValidationError

from orchestrator.config.settings import NightFolder, RunConfig
from orchestrator.errors import ConfigError
from orchestrator.message import Message

__all__ = ["night_config", "night_configs"]

# Sections that a night may override; all later steps work on all nights together.
NIGHT_SECTIONS = ("input", "calibration")


def night_config(config: RunConfig, night: NightFolder) -> RunConfig:
    """The settings of one night.

    Raises
    ------
    ConfigError : a setting is unknown, invalid, or cannot be overridden by a night.
    """
    content = config.model_dump()
    content["input"]["nights"] = []
    for section, values in night.settings.items():
        if section not in NIGHT_SECTIONS or not isinstance(values, dict):
            raise ConfigError(Message("The night {night} has settings of {section!r}.", night=night.name, section=section),
                              Message("A night may only have settings of {night_sections}; the others apply to all nights.",
                                      night_sections=" and ".join(NIGHT_SECTIONS)))
        content[section] |= values
    try:
        return RunConfig.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ConfigError(Message("The night {night}: settings.{where}: {msg}.", night=night.name, where=where,
                                  msg=problem["msg"]), "Correct the setting.") from None


def night_configs(config: RunConfig) -> list[RunConfig]:
    """The settings of each night; an empty list for a session of one night."""
    return [night_config(config, night) for night in config.input.nights]
