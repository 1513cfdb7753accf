"""The embedded broker: Celery's messages as files in a folder, for one machine without a server."""

from __future__ import annotations

import os
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

_binding = threading.Lock()


class Channel(filesystem.Channel):
    """kombu's, but messages and tables of queues appear whole: kombu writes them where others may read a half."""

    def queue_bind(self, *names: Any, **options: Any) -> None:
        """Bind a queue. kombu notes it for the whole process before it is in the table: another thread would take it
        for bound, and what it sends until then would reach nobody."""
        with _binding:
            super().queue_bind(*names, **options)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        """Note a queue in its exchange's table. Workers that start at once on a new folder do so together."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        table = self.control_folder / f"{exchange}.exchange"
        if not table.exists():
            empty = table.with_name(f"{table.name}.{uuid.uuid4()}.part")
            empty.write_text("[]")
            with suppress(FileExistsError):  # another was first: its table is as good
                os.link(empty, table)
            empty.unlink()
        super()._queue_bind(exchange, routing_key or "", pattern, queue or "")

    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]  # kombu gives it keywords
        """Add a message to a queue. Raises ChannelError where the folder cannot be written."""
        # kombu takes what is named so, the oldest first
        place = Path(self.data_folder_out) / f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        coming = place.with_name(f"{place.name}.part")
        try:
            coming.write_bytes(dumps(message).encode())
            coming.replace(place)
        except OSError as error:
            coming.unlink(missing_ok=True)
            raise ChannelError(f"The message {place} cannot be written: {error}") from error


class Transport(filesystem.Transport):
    Channel = Channel


def use() -> None:
    """Make `filesystem://` addresses use this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
