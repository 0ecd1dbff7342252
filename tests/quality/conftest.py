"""Shared by the tests of quality: stacks of the same lights in several ways measure and register them once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _one_cache(one_cache: None) -> None:
    """See ``one_cache``."""
