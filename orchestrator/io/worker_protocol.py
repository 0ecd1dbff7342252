"""Messages between a worker process and the program that started it: one JSON object per line, over the standard streams.

The program writes to the worker's standard input: ``start`` (a task), ``cancel``, and the answers to the worker's requests. The
worker writes to its standard output: reports, and ``end`` (the outcome of the task). Keys name the messages. The end of the input
means that the program has ended; the worker then cancels its task. Lines are ASCII. The desktop window and the script inside
Siril use this protocol; the script (orchestrator/insiril/launcher.py) has its own copy of the program's side, because it runs
without this package.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["Message", "MessageDecoder", "WorkerChannel", "encode_message"]

Message = dict[str, Any]


def encode_message(message: Message) -> bytes:
    """A message as one line; values that JSON does not have (paths, for example) become text."""
    return json.dumps(message, default=str).encode("ascii") + b"\n"


class MessageDecoder:
    """Reads messages from the bytes of a pipe, which arrive in pieces of any length."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete with ``data``. Lines that are not JSON objects are skipped."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [message for line in lines if (message := _decode(line)) is not None]


def _decode(line: bytes | str) -> Message | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


class WorkerChannel:
    """The worker's side. ``cancelled`` is set by a ``cancel`` message, and when the program has ended."""

    def __init__(self, source: IO[str], sink: IO[str]) -> None:
        self._source, self._sink = source, sink
        self._writing = threading.Lock()
        self._tasks: queue.Queue[Message | None] = queue.Queue()
        self._answers: queue.Queue[Message | None] = queue.Queue()
        self._closed = False
        self.cancelled = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    @classmethod
    def on_standard_streams(cls) -> WorkerChannel:
        """A channel over the standard streams. Everything else that is printed goes to standard error."""
        sink = os.fdopen(os.dup(1), "w", encoding="ascii")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(sys.stdin, sink)

    def tasks(self) -> Iterator[Message]:
        """What each ``start`` message contains, one task after the other, until the input ends."""
        while (task := self._tasks.get()) is not None and not self._closed:
            yield task

    def send(self, /, **message: Any) -> None:
        """Send a message. If the program has ended, the task is cancelled."""
        with self._writing:
            try:
                self._sink.write(encode_message(message).decode("ascii"))
                self._sink.flush()
            except (OSError, ValueError):
                self.cancelled.set()

    def request(self, /, **message: Any) -> Message | None:
        """Send a message and wait for the answer; None if the input ends first."""
        self.send(**message)
        answer = self._answers.get()
        if answer is None:
            self._answers.put(None)  # for the next request
        return answer

    def receive(self, timeout: float | None) -> Message | None:
        """The next message that is neither a task nor a cancellation; None after ``timeout`` seconds (None: never), and at the
        end of the input."""
        try:
            message = self._answers.get(timeout=timeout)
        except queue.Empty:
            return None
        if message is None:
            self._answers.put(None)
        return message

    def _read(self) -> None:
        for message in filter(None, map(_decode, self._source)):
            if "start" in message:
                self.cancelled.clear()  # a cancellation of the previous task may have come too late for it
                self._tasks.put(message["start"])
            elif "cancel" in message:
                self.cancelled.set()
            else:
                self._answers.put(message)
        self._closed = True
        self.cancelled.set()
        self._answers.put(None)
        self._tasks.put(None)
