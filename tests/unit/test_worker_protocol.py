"""The messages between a worker process and the program that started it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.io.worker_protocol import MessageDecoder, WorkerChannel, encode_message

MESSAGES = [{"start": {"path": Path("/ä \udce9")}}, {"cancel": True}, {"log": "line\nbreak", "share": 0.5}]
READ_BACK = [{"start": {"path": "/ä \udce9"}}, *MESSAGES[1:]]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_messages_that_arrive_in_pieces_are_read_back(size: int) -> None:
    data = b"".join(map(encode_message, MESSAGES))
    decoder = MessageDecoder()
    pieces = [data[k : k + size] for k in range(0, len(data), size)]
    assert [message for piece in pieces for message in decoder.feed(piece)] == READ_BACK
    assert len(data.splitlines()) == len(MESSAGES) and data.isascii()


def test_lines_that_are_not_messages_are_skipped() -> None:
    assert MessageDecoder().feed(b"text\n[1]\n\xff\n" + encode_message({"a": 1}) + b'{"b"') == [{"a": 1}]


def test_a_worker_takes_tasks_and_answers_until_the_program_ends() -> None:
    (read, to), (source, write) = os.pipe(), os.pipe()
    channel = WorkerChannel(os.fdopen(read), os.fdopen(write, "w"))
    with os.fdopen(to, "wb", buffering=0) as program, os.fdopen(source, "rb") as answers:
        program.write(encode_message({"cancel": True}) + encode_message({"start": 1}) + encode_message({"answer": 2}))
        tasks = channel.tasks()
        assert next(tasks) == 1 and not channel.cancelled.is_set(), "an earlier cancellation does not apply to a new task"
        assert channel.request(question=3) == {"answer": 2} and MessageDecoder().feed(answers.readline()) == [{"question": 3}]
        program.write(encode_message({"cancel": True}))
        assert channel.cancelled.wait(10)
    assert channel.request(question=4) is None and channel.request(question=5) is None and not list(tasks)


def test_other_output_of_a_worker_does_not_mix_with_its_messages() -> None:
    code = """
import os
from orchestrator.io.worker_protocol import WorkerChannel
channel = WorkerChannel.on_standard_streams()
for task in channel.tasks():
    print("printed"); os.write(1, b"written\\n"); channel.send(end=task)
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.write(encode_message({"start": 7}))
        worker.stdin.flush()
        assert worker.stdout.readline() == encode_message({"end": 7})
        rest, errors = worker.communicate(timeout=60)
    assert rest == b"" and b"printed" in errors and b"written" in errors and worker.returncode == 0
