"""Output whose reader has ended (`| head`, a closed terminal): a run continues in silence; its log has everything."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from collections.abc import Iterator

__all__ = ["closed_output", "discard"]

logger = logging.getLogger(__name__)

# Errors of writing to a pipe without reader, or to a terminal that was closed.
CLOSED = (errno.EPIPE, errno.EIO, errno.EBADF)


@contextlib.contextmanager
def closed_output() -> Iterator[None]:
    """In the block, output to a closed pipe or terminal is discarded, and all later output as well."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in CLOSED or error.filename is not None:
            raise
        discard()


def discard() -> None:
    """Let standard output, or standard error, go nowhere from now on, whichever is closed."""
    logger.warning("The output of the program was closed; the run continues, and its log has all messages.")
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
