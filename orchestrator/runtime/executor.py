"""Executors: run units of work (frames, blocks of the canvas) with the same result on every executor."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from typing import Any, Protocol, TypeVar

import numba
from threadpoolctl import threadpool_limits

from orchestrator.errors import ConfigError, RunError, ToolMissing
from orchestrator.message import Message
from orchestrator.version import install_command

__all__ = ["DaskWork", "Executor", "Job", "ProcessWork", "SerialWork", "ThreadWork", "make_executor"]

logger = logging.getLogger(__name__)

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
# function(shared, item, threads): ``shared`` is sent once for all units; a unit uses ``threads`` threads.
Work = Callable[[Shared, Item, int], Result]
# Units submitted beyond the number of workers: keeps workers busy and memory bounded.
AHEAD = 2
# Seconds between two checks whether work in other processes is to stop.
PAUSE = 0.2
# How often work is submitted to a cluster that has lost it.
ATTEMPTS = 4
# Seconds until data is sent again after a worker died: the scheduler notices it meanwhile.
PAUSE = 1.0
# Retries of a single unit whose Dask worker died.
UNIT_RETRIES = 2
# Where a local cluster listens.
LOOPBACK = "127.0.0.1"
# Seconds to wait for the answer of a Dask scheduler.
DASK_TIMEOUT = 20.0


@dataclass(frozen=True)
class Job:
    """Data shared by all units of a piece of work. Picklable, except for ``check``, which raises Cancelled to stop the work."""

    check: Callable[[], None] | None = field(default=None, kw_only=True)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "check": None}

    def stop_if_asked(self) -> None:
        """Raise :class:`Cancelled` if the run is to stop; does nothing in other processes."""
        if self.check is not None:
            self.check()


class Executor(Protocol):
    """``blocks`` is how many blocks are in memory at once; budgets are divided by it."""

    name: str
    blocks: int

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        """Results of small units, in the order of ``items``; on this machine at most ``at_once`` of them in parallel."""
        ...

    def heavy(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item]) -> Iterator[Result]:
        """Results of units that fill the memory budget, in the order of ``items``."""
        ...

    def close(self) -> None:
        """Release workers and connections."""
        ...


class SerialWork:
    """One unit after the other, on one thread."""

    name, blocks = "serial", 1

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        with _numba_threads(1):
            yield from (function(shared, item, 1) for item in items)

    heavy = frames

    def close(self) -> None:
        pass


class ThreadWork:
    """Frames in parallel; blocks one after the other, each with all threads: least memory, least overhead."""

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
    """Units in separate processes, each on one thread."""

    name = "processes"

    def __init__(self, workers: int) -> None:
        self.blocks = workers
        # Spawned, not forked: the threads of this process must not be copied while they work.
        self._context = get_context("spawn")

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        check = shared.check if isinstance(shared, Job) else None

        def look(future: Future[Any]) -> None:
            # Workers cannot see the cancellation: this process checks for it while it waits for them.
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
                # Stop the workers: their results are no longer needed.
                for process in list((pool._processes or {}).values()):
                    process.kill()
                raise

    heavy = frames

    def close(self) -> None:
        pass


class DaskWork:
    """Units on a Dask cluster: the one at ``scheduler``, or a new one on this machine.

    Its workers must see the folders of the session and the run under the same paths. A unit whose worker dies is repeated on
    another.
    """

    name = "dask"

    def __init__(self, scheduler: str | None, workers: int, timeout: float = DASK_TIMEOUT) -> None:
        try:
            from distributed import Client, LocalCluster  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError as error:
            raise ToolMissing("runtime.executor: dask needs the package distributed.",
                              install_command("distributed"), tool="dask") from error
        self._cluster = None
        try:
            if scheduler is None:
                self._cluster = LocalCluster(  # type: ignore[no-untyped-call,unused-ignore]
                    n_workers=workers, threads_per_worker=1, host=LOOPBACK, dashboard_address=f"{LOOPBACK}:0",
                    scheduler_kwargs={"dashboard": False}, dashboard=False, security=_temporary_certificates())
            self._client = Client(scheduler or self._cluster, timeout=timeout)  # type: ignore[no-untyped-call,unused-ignore]
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigError(Message("runtime.scheduler: {scheduler} does not answer as a Dask scheduler.",
                                      scheduler=scheduler),
                              "Start one (dask scheduler), or leave the setting out.") from error
        known = sum(int(w["nthreads"]) for w in self._client.scheduler_info(-1)["workers"].values())
        if not known:
            self.close()
            raise ConfigError(Message("runtime.scheduler: {scheduler} has no workers.",
                                      scheduler=scheduler), "Start some: dask worker ADDRESS.")
        self.blocks = known

    def frames(self, function: Work[Shared, Item, Result], shared: Shared, items: Sequence[Item], *,
               at_once: int | None = None) -> Iterator[Result]:
        from distributed import KilledWorker  # type: ignore[import-not-found,import-untyped,unused-ignore]
        from distributed.client import FutureCancelledError  # type: ignore[import-not-found,import-untyped,unused-ignore]

        done = 0
        ahead = min(2 * self.blocks + AHEAD, (at_once if self._cluster is not None else None) or len(items) + 1)
        for attempt in range(ATTEMPTS):
            # The shared data is on all workers; if all that hold it die together, it is sent again.
            try:
                common = self._sent(shared)
                submit = partial(self._client.submit, _on_one_thread, function, common, pure=False, retries=UNIT_RETRIES)
                for result in _in_order(submit, items[done:], ahead):
                    done += 1
                    yield result
                return
            except KilledWorker as error:
                raise RunError("Several Dask workers died over one unit of work.",
                               "Give the workers more memory, or set runtime.memory_budget lower.") from error
            except FutureCancelledError as error:
                if attempt == ATTEMPTS - 1:
                    raise RunError(Message("The Dask cluster lost the work {attempts} times.", attempts=ATTEMPTS),
                                   "Check the logs of its workers, or set runtime.executor to threads.") from error

    heavy = frames

    def _sent(self, shared: Any) -> Any:
        """The shared data on all workers. A worker that dies meanwhile ends the transfer, which is repeated with the others."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._client.scatter(shared, broadcast=True, hash=False)  # type: ignore[no-untyped-call,unused-ignore]
            except (OSError, KeyError):
                time.sleep(PAUSE)
        return self._client.scatter(shared, broadcast=True, hash=False)  # type: ignore[no-untyped-call,unused-ignore]

    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call,unused-ignore]
        if self._cluster is not None:
            self._cluster.close()


def _temporary_certificates() -> Any:
    """TLS for a local cluster: without it, other users of this computer could send it code. None without cryptography."""
    from distributed import Security  # type: ignore[import-not-found,import-untyped,unused-ignore]

    try:
        return Security.temporary()  # type: ignore[no-untyped-call,unused-ignore]
    except ImportError:
        logger.warning("The local Dask cluster has no TLS: other users of this computer can connect to it. "
                       "To encrypt its connections: %s", install_command("cryptography"))
        return None


def check_executor(name: str, scheduler: str | None) -> None:
    """Raise ConfigError if a scheduler is given for an executor without one."""
    if scheduler is not None and name != "dask":
        raise ConfigError(Message("runtime.scheduler is given, runtime.executor is {name}.",
                                  name=name), "Set runtime.executor to dask.")


def make_executor(name: str, workers: int, scheduler: str | None = None) -> Executor:
    """The executor of ``runtime.executor``: serial, threads, processes or dask. ConfigError if it is not available."""
    check_executor(name, scheduler)
    _opencv_on_one_thread()
    if name == "dask":
        return DaskWork(scheduler, workers)
    if name == "serial" or workers == 1:
        return SerialWork()
    return ProcessWork(workers) if name == "processes" else ThreadWork(workers)


def _in_order(submit: Callable[[Item], Any], items: Sequence[Item], ahead: int,
              look: Callable[[Future[Any]], None] = lambda future: None) -> Iterator[Any]:
    """Results in order, with at most ``ahead`` units submitted at once; pending units are cancelled when the caller stops.

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
    """Limit numba's kernels to ``count`` threads inside the block."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(count, numba.config.NUMBA_NUM_THREADS))
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _opencv_on_one_thread() -> None:
    """Frames are worked on in parallel: OpenCV's own threads would wait for one another and compete with ours."""
    import cv2  # not needed by those who only name an executor

    cv2.setNumThreads(1)


_task: tuple[Work[Any, Any, Any], Any] | None = None
_one_at_a_time = threading.Lock()


def _remember(function: Work[Any, Any, Any], shared: Any) -> None:
    """Store in a worker process the function and the data shared by its units."""
    global _task
    _task = (function, shared)
    numba.set_num_threads(1)
    _opencv_on_one_thread()
    threadpool_limits(limits=1, user_api="blas")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End a worker whose parent was killed: it holds both ends of its queue and would wait for work forever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _remembered(item: Any) -> Any:
    assert _task is not None
    return _task[0](_task[1], item, 1)


def _on_one_thread(function: Work[Any, Any, Any], shared: Any, item: Any) -> Any:
    # A worker with several threads must not run numba's parallel kernels concurrently: not every threading layer allows it.
    _opencv_on_one_thread()
    with _one_at_a_time, _numba_threads(1), threadpool_limits(limits=1, user_api="blas"):
        return function(shared, item, 1)
