"""What verbs share that make products from the frames of a finished run: progress, Ctrl-C, errors as JSON."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from orchestrator.cli.follow import print_failure
from orchestrator.cli.stopping import Stopping
from orchestrator.cli.verbs import is_quiet, progress_form
from orchestrator.errors import OrchestrateError

__all__ = ["produce"]

Product = TypeVar("Product")


def produce(work: Callable[[Callable[[dict[str, Any]], None], threading.Event], Product], *, as_json: bool) -> Product:
    """Do ``work(listener, cancel)`` and show its progress and warnings; returns its result or raises its error."""
    from orchestrator.cli.progress import Progress

    cancel = threading.Event()
    try:
        with Stopping(cancel, lambda why: None), Progress(quiet=as_json, silent=is_quiet(), form=progress_form()) as progress:
            return work(progress.listen, cancel)
    except OrchestrateError as error:
        if as_json:
            print_failure(error)
            error.printed = True
        raise
