"""The embedded broker: messages are taken whole and once, however many take them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from webapp import broker

MESSAGES = 400


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """kombu remembers for the whole process which queues are bound; each test has a folder of its own."""
    broker.Transport.global_state.clear()
    yield
    broker.Transport.global_state.clear()


def in_threads(works: Sequence[Callable[[], None]]) -> None:
    """Run all at once; raise what one of them raised."""
    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result(timeout=120)


def connect(folder: Path) -> Connection:
    broker.use()
    places = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection("filesystem://", transport_options=places)


def test_every_message_arrives_once_while_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    taken: list[int] = []
    written = threading.Event()

    def write() -> None:
        try:
            with connect(tmp_path) as connection, connection.SimpleQueue("cpu") as queue:
                for number in range(MESSAGES):
                    queue.put({"number": number, "long": "x" * 20_000})
        finally:
            written.set()

    def take() -> None:
        with connect(tmp_path) as connection, connection.SimpleQueue("cpu") as queue:
            while True:
                ending = written.is_set()
                try:
                    message = queue.get(block=False)
                except Empty:
                    if ending:
                        return
                else:
                    taken.append(message.payload["number"])
                    message.ack()

    in_threads([write, take, take, take])
    assert sorted(taken) == list(range(MESSAGES))


def test_nothing_is_lost_that_is_sent_while_another_thread_binds_the_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "control").mkdir()
    binding, bind = threading.Event(), broker.Channel._queue_bind

    def slowly(*names: Any) -> None:
        binding.set()
        sent.wait(0.5)
        bind(*names)

    def send() -> None:
        assert binding.wait(20)
        with connect(tmp_path) as connection, connection.SimpleQueue("slow") as queue:
            queue.put({"number": 1})
        sent.set()

    def take() -> None:
        with connect(tmp_path) as connection, connection.SimpleQueue("slow") as queue:
            message = queue.get(timeout=20)
            assert message.payload == {"number": 1}
            message.ack()

    sent = threading.Event()
    monkeypatch.setattr(broker.Channel, "_queue_bind", slowly)
    in_threads([send, take])


@pytest.mark.parametrize("_", range(20))
def test_workers_that_start_at_once_on_a_new_folder_agree_on_its_queues(_: int, tmp_path: Path) -> None:
    together = threading.Barrier(6)

    def start(queue: str) -> None:
        with connect(tmp_path) as connection:
            channel = connection.channel()
            together.wait()
            channel._queue_bind("celery", queue, "", queue)

    in_threads([partial(start, f"queue-{number}") for number in range(6)])
    with connect(tmp_path) as connection:
        known = {row.queue for row in connection.channel().get_table("celery")}
    assert known == {f"queue-{number}" for number in range(6)}
    assert not list(tmp_path.rglob("*.part"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "control").mkdir()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with connect(tmp_path) as connection:
        channel = connection.channel()
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(ChannelError, match="No space left"):
            channel._put("cpu", {"body": ""})
    assert not list(tmp_path.glob("*.msg*"))
