"""Where the work is done: frames and blocks of the canvas as units, with the same bytes whichever executor runs them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from typing import Any, Protocol, TypeVar

import numba

from orchestrator.errors import ConfigError, RunError, ToolMissing

__all__ = ["DaskWork", "Executor", "Job", "ProcessWork", "SerialWork", "ThreadWork", "make_executor"]

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
# function(shared, item, threads): what is common to all units comes once, a unit uses so many threads within itself.
Work = Callable[[Shared, Item, int], Result]
# Units handed out before the first result is taken: keeps workers busy and memory bounded.
AHEAD = 2
# Seconds between looks whether work in other processes is to stop.
PAUSE = 0.2
# How often work is handed out anew to a cluster that has lost it.
ATTEMPTS = 4


@dataclass(frozen=True)
class Job:
    """What all units of a piece of work share. Picklable; ``check``, which stops the work when asked to, stays behind."""

    check: Callable[[], None] | None = field(default=None, kw_only=True)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "check": None}

    def stop_if_asked(self) -> None:
        if self.check is not None:
            self.check()


class Executor(Protocol):
    """``blocks`` is how many blocks are in memory at once; budgets are divided by it."""

    name: str
    blocks: int

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        """Results for light units, in the order of ``items``; on this machine no more than ``at_once`` of them side by side."""
        ...

    def heavy(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item]) -> Iterator[Result]:
        """Results for units that fill the memory budget, in the order of ``items``."""
        ...

    def close(self) -> None: ...


class SerialWork:
    """One thing after the other, on one thread."""

    name, blocks = "serial", 1

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        with _numba_threads(1):
            yield from (function(shared, item, 1) for item in items)

    heavy = frames

    def close(self) -> None:
        pass


class ThreadWork:
    """Frames side by side; blocks one after the other, with all threads at work on each: least memory, least overhead."""

    name, blocks = "threads", 1

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        workers = min(self._workers, at_once or self._workers)
        if workers == 1:
            yield from self.heavy(function, shared, items)
            return
        with ThreadPoolExecutor(workers) as pool:
            yield from _in_order(lambda item: pool.submit(function, shared, item, 1), items, workers + AHEAD)

    def heavy(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item]) -> Iterator[Result]:
        with _numba_threads(self._workers):
            yield from (function(shared, item, self._workers) for item in items)

    def close(self) -> None:
        pass


class ProcessWork:
    """Units in processes of their own, each on one thread."""

    name = "processes"

    def __init__(self, workers: int) -> None:
        self.blocks = workers
        # Spawned, not forked: threads of this process must not be copied in the middle of their work.
        self._context = get_context("spawn")

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        check = shared.check if isinstance(shared, Job) else None

        def look(future: Future[Any]) -> None:
            # Workers do not know whether they are to stop: this process looks while it waits for them.
            while check is not None and not wait([future], PAUSE).done:
                check()

        with ProcessPoolExecutor(self.blocks, self._context, _remember, (function, shared)) as pool:
            try:
                ahead = min(self.blocks + AHEAD, at_once or len(items) + 1)
                yield from _in_order(lambda item: pool.submit(_remembered, item), items, ahead, look)
            except BrokenProcessPool as error:
                raise RunError("A worker process died (killed, or out of memory).",
                               "Use --set runtime.executor=threads, or fewer workers.") from error
            except BaseException:
                # Nobody wants what is under way.
                for process in list((pool._processes or {}).values()):
                    process.kill()
                raise

    heavy = frames

    def close(self) -> None:
        pass


class DaskWork:
    """Units on a Dask cluster: the one at ``scheduler``, or one made on this machine.

    Its workers must see the session's and the run's folders under the same paths. A unit whose worker dies is done again
    on another.
    """

    name = "dask"

    def __init__(self, scheduler: str | None, workers: int, timeout: float = 20.0) -> None:
        try:
            from distributed import Client, LocalCluster  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError as error:
            raise ToolMissing("runtime.executor: dask needs the package distributed.",
                              "Install it: pip install distributed.", tool="dask") from error
        self._cluster = None
        try:
            if scheduler is None:
                self._cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            self._client = Client(scheduler or self._cluster, timeout=timeout)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigError(f"runtime.scheduler: {scheduler} does not answer as a Dask scheduler.",
                              "Start one (dask scheduler), or leave the setting out.") from error
        known = sum(int(w["nthreads"]) for w in self._client.scheduler_info(-1)["workers"].values())
        if not known:
            self.close()
            raise ConfigError(f"runtime.scheduler: {scheduler} has no workers.", "Start some: dask worker ADDRESS.")
        self.blocks = known

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        from distributed import KilledWorker  # type: ignore[import-not-found,import-untyped,unused-ignore]
        from distributed.client import FutureCancelledError  # type: ignore[import-not-found,import-untyped,unused-ignore]

        done = 0
        ahead = min(2 * self.blocks + AHEAD, (at_once if self._cluster is not None else None) or len(items) + 1)
        for attempt in range(ATTEMPTS):
            # What the units share is on all workers; if those that hold it die together, it is sent again.
            common = self._client.scatter(shared, broadcast=True, hash=False)
            submit = partial(self._client.submit, _on_one_thread, function, common, pure=False, retries=2)
            try:
                for result in _in_order(submit, items[done:], ahead):
                    done += 1
                    yield result
                return
            except KilledWorker as error:
                raise RunError("Several Dask workers died over one unit of work.",
                               "Give the workers more memory, or set runtime.memory_budget lower.") from error
            except FutureCancelledError as error:
                if attempt == ATTEMPTS - 1:
                    raise RunError("The Dask cluster lost the work again and again.",
                                   "Look at its workers' logs, or use runtime.executor threads.") from error

    heavy = frames

    def close(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def make_executor(name: str, workers: int, scheduler: str | None = None) -> Executor:
    """The executor of ``runtime.executor``: serial, threads, processes or dask. ConfigError when it cannot be had."""
    if name == "dask":
        return DaskWork(scheduler, workers)
    if scheduler is not None:
        raise ConfigError(f"runtime.scheduler is given, runtime.executor is {name}.", "Set runtime.executor to dask.")
    if name == "serial" or workers == 1:
        return SerialWork()
    return ProcessWork(workers) if name == "processes" else ThreadWork(workers)


def _in_order(submit: Callable[[Item], Any], items: Sequence[Item], ahead: int,
              look: Callable[[Future[Any]], None] = lambda future: None) -> Iterator[Any]:
    """Results in order, with at most ``ahead`` units under way; those not begun are given up when the caller stops.

    ``look`` is called with each future before its result is waited for.
    """
    waiting: list[Future[Any]] = []
    try:
        for item in items:
            waiting.append(submit(item))
            if len(waiting) >= ahead:
                look(waiting[0])
                yield waiting.pop(0).result()
        while waiting:
            look(waiting[0])
            yield waiting.pop(0).result()
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def _numba_threads(count: int) -> Iterator[None]:
    """Numba's kernels use so many threads inside the block."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(count, numba.config.NUMBA_NUM_THREADS))
    try:
        yield
    finally:
        numba.set_num_threads(before)


_task: tuple[Work[Any, Any, Any], Any] | None = None
_one_at_a_time = threading.Lock()


def _remember(function: Work[Any, Any, Any], shared: Any) -> None:
    """Keep, in a worker process, what all its units share."""
    global _task
    _task = (function, shared)
    numba.set_num_threads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker holds both ends of its queue: it would wait for ever for work of a parent that was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _remembered(item: Any) -> Any:
    assert _task is not None
    return _task[0](_task[1], item, 1)


def _on_one_thread(function: Work[Any, Any, Any], shared: Any, item: Any) -> Any:
    # A worker with several threads must not start numba's parallel kernels twice at once: not every threading layer can.
    with _one_at_a_time, _numba_threads(1):
        return function(shared, item, 1)
