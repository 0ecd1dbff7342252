"""Memory, workers, executor and cache of a run, from its settings."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from threadpoolctl import threadpool_limits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.runtime.cache import Cache
from orchestrator.runtime.executor import Executor, check_executor, make_executor

__all__ = ["Resources", "check_settings", "memory_budget", "open_resources", "parse_size"]

# Bytes of a unit of size.
SIZE_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
# Smallest memory budget (bytes).
MIN_BUDGET = 64 * 2**20


@dataclass(frozen=True)
class Resources:
    """The resources of a run. Created before anything is written, since settings may be invalid."""

    budget: int
    workers: int
    executor: Executor
    cache_size: int

    def cache(self, runs: Path, config: RunConfig) -> Cache | None:
        """The session cache, None if it is switched off."""
        return Cache(runs, refresh=config.runtime.cache_refresh) if config.runtime.cache else None


@contextlib.contextmanager
def open_resources(config: RunConfig) -> Iterator[Resources]:
    """Memory, workers and executor of a run; the executor is closed at the end.

    Linear algebra is done on one thread meanwhile: its systems are small, and the threads of the BLAS would wait for one another
    while the workers of the run need the processors. Its results then do not depend on their number either.
    """
    budget = memory_budget(config.runtime.memory_budget)
    cache_size = parse_size(config.runtime.cache_size, "runtime.cache_size")
    workers = config.runtime.workers or os.cpu_count() or 1
    executor = make_executor(config.runtime.executor, workers, config.runtime.scheduler)
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield Resources(budget, workers, executor, cache_size)
    finally:
        executor.close()


def check_settings(config: RunConfig) -> None:
    """Raise the ConfigError that :func:`open_resources` would raise for these settings; nothing is started."""
    memory_budget(config.runtime.memory_budget)
    parse_size(config.runtime.cache_size, "runtime.cache_size")
    check_executor(config.runtime.executor, config.runtime.scheduler)


def memory_budget(text: str) -> int:
    """Bytes of a budget: "auto" is half of the free memory, otherwise a size such as "4 GiB", "500 MB"."""
    if text.strip().lower() == "auto":
        return int(psutil.virtual_memory().available // 2)
    size = parse_size(text, "runtime.memory_budget")
    if size < MIN_BUDGET:
        raise ConfigError(Message("runtime.memory_budget: {text!r} is below {min_budget} MiB.", text=text,
                                  min_budget=MIN_BUDGET >> 20), "Give a larger budget.")
    return size


def parse_size(text: str, key: str) -> int:
    """Bytes of a size such as "4 GiB", "500 MB". Raises ConfigError, which names the setting ``key``."""
    cleaned = text.strip().lower().replace(" ", "").removesuffix("b").removesuffix("i")
    number, unit = cleaned.rstrip("kmgt"), cleaned[len(cleaned.rstrip("kmgt")):]
    try:
        return int(float(number) * SIZE_UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        raise ConfigError(Message("{key}: {text!r} is not a size.", key=key,
                                  text=text), 'Use a size such as "4 GiB".') from None
