"""A worker process says that it is there, also while a step keeps it busy for minutes."""

from __future__ import annotations

import logging
import os
import socket
import threading
from typing import Any

from celery.signals import worker_ready, worker_shutdown
from django.db import DatabaseError, InterfaceError, connection

from webapp.jobs.queues import SEEN_EVERY_SECONDS, say_gone, say_present

logger = logging.getLogger(__name__)

_here: list[Presence] = []


class Presence:
    """`start` says it at once and then from a thread of its own; `end` takes it back."""

    def __init__(self, name: str, queues: set[str]) -> None:
        self._name = name
        self.queues = queues
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        say_present(self._name, self.queues)
        self._thread.start()

    def end(self) -> None:
        self._end.set()
        self._thread.join(timeout=SEEN_EVERY_SECONDS)

    def _run(self) -> None:
        try:
            while not self._end.wait(SEEN_EVERY_SECONDS):
                self._say()
            say_gone(self._name)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("This worker could not be taken off the list: %s", error)
        finally:
            connection.close()

    def _say(self) -> None:
        try:
            say_present(self._name, self.queues)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("This worker could not say that it is there: %s", error)
            connection.close()


def takes(queue: str) -> bool:
    """Say whether this process takes the messages of a queue."""
    return any(queue in presence.queues for presence in _here)


@worker_ready.connect
def arrive(sender: Any, **_: Any) -> None:
    """Celery's worker is about to take its first message."""
    presence = Presence(f"{socket.gethostname()}:{os.getpid()}", set(sender.app.amqp.queues.consume_from))
    presence.start()
    _here.append(presence)


@worker_shutdown.connect
def leave(**_: Any) -> None:
    """Celery's worker ends in good order. One that is killed is forgotten soon."""
    while _here:
        _here.pop().end()
