"""The embedded broker: messages are taken whole and once, however many take them."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from webapp import broker

MESSAGES = 400


def connect(folder: Path) -> Connection:
    broker.use()
    places = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection("filesystem://", transport_options=places)


def test_every_message_arrives_once_while_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    taken: list[int] = []
    errors: list[Exception] = []
    written = threading.Event()

    def write() -> None:
        with connect(tmp_path) as connection, connection.SimpleQueue("cpu") as queue:
            for number in range(MESSAGES):
                queue.put({"number": number, "long": "x" * 20_000})
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
                except Exception as error:
                    errors.append(error)
                else:
                    taken.append(message.payload["number"])
                    message.ack()

    threads = [threading.Thread(target=work) for work in (write, take, take, take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not errors
    assert sorted(taken) == list(range(MESSAGES))


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
