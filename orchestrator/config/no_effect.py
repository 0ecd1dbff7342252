"""The settings that cannot change a result: a repeated run may change them and keep everything."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from orchestrator.config.section import NO_EFFECT_ON_RESULT
from orchestrator.config.settings import RunConfig

__all__ = ["NO_EFFECT"]


def _marked(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _marked(info.annotation, f"{prefix}{name}.")
        elif info.json_schema_extra == NO_EFFECT_ON_RESULT:
            yield f"{prefix}{name}"


# Dotted keys of the settings that are marked with NO_EFFECT_ON_RESULT.
NO_EFFECT: frozenset[str] = frozenset(_marked(RunConfig))
