"""Memory, workers, executor and cache of a run, made from its settings."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError
from orchestrator.runtime.cache import Cache
from orchestrator.runtime.executor import Executor, make_executor

__all__ = ["Resources", "memory_budget", "size_of", "working_with"]

SIZE_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


@dataclass(frozen=True)
class Resources:
    """What a run works with; made before anything is written, since settings may be wrong."""

    budget: int
    workers: int
    executor: Executor
    cache_size: int

    def cache(self, runs: Path, config: RunConfig) -> Cache | None:
        """The session cache, None when it is not wanted."""
        return Cache(runs, refresh=config.runtime.cache_refresh) if config.runtime.cache else None


@contextlib.contextmanager
def working_with(config: RunConfig) -> Iterator[Resources]:
    """Memory, workers and executor of a run; the executor is closed afterwards."""
    budget = memory_budget(config.runtime.memory_budget)
    cache_size = size_of(config.runtime.cache_size, "runtime.cache_size")
    workers = config.runtime.workers or os.cpu_count() or 1
    executor = make_executor(config.runtime.executor, workers, config.runtime.scheduler)
    try:
        yield Resources(budget, workers, executor, cache_size)
    finally:
        executor.close()


def memory_budget(text: str) -> int:
    """Bytes of a budget: "auto" is half of the free memory, else a size such as "4 GiB", "500 MB"."""
    if text.strip().lower() == "auto":
        return int(psutil.virtual_memory().available // 2)
    size = size_of(text, "runtime.memory_budget")
    if size < 64 * 2**20:
        raise ConfigError(f"runtime.memory_budget: {text!r} is below 64 MiB.", "Give it more.")
    return size


def size_of(text: str, key: str) -> int:
    """Bytes of a size such as "4 GiB", "500 MB"; ConfigError names ``key``."""
    cleaned = text.strip().lower().replace(" ", "").removesuffix("b").removesuffix("i")
    number, unit = cleaned.rstrip("kmgt"), cleaned[len(cleaned.rstrip("kmgt")):]
    try:
        return int(float(number) * SIZE_UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        raise ConfigError(f"{key}: {text!r} is not a size.", 'Use a size such as "4 GiB".') from None
