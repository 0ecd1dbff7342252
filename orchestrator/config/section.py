"""What all sections of the configuration share."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

__all__ = ["NO_EFFECT_ON_RESULT", "Fraction", "Positive", "Section"]

# json_schema_extra of a setting that changes how long a phase takes or whether it fails, never its result.
NO_EFFECT_ON_RESULT: Final[JsonDict] = {"no_effect_on_result": True}

Positive = Annotated[float, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    # Names such as the filter 12 or the object 7000 are numbers to YAML.
    model_config = ConfigDict(extra="forbid", validate_assignment=True, coerce_numbers_to_str=True, allow_inf_nan=False)
