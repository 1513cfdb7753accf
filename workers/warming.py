"""A worker that waits has imported what steps need: its first job does not wait for seconds of imports.

A worker that looks at pictures has the process beside it, too, in which text is looked for. No network is loaded: an
idle worker shall be small, and which ones an episode needs is its options' choice.
"""

from __future__ import annotations

import gc
import importlib
import logging
from typing import Any

from celery.signals import worker_process_init, worker_ready

from webapp.jobs.queues import GPU

logger = logging.getLogger(__name__)

#: What runs steps, and what those import only when they come to it.
NEEDED = ("workers.analysis", "onnxruntime", "pocketsphinx")


def import_steps() -> None:
    """Import what steps need. What cannot be imported is logged: the step that needs it says so to people."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except Exception:  # whatever a library's import raises; other jobs can run
            logger.exception("%s cannot be imported: steps that need it will fail", name)
    gc.freeze()  # what is imported stays: it need not be looked through again and again for what has become garbage


@worker_process_init.connect
def warm_process(**_: Any) -> None:
    """The pool's process starts: with `solo` the worker itself, with `prefork` each child."""
    import_steps()


@worker_ready.connect
def warm_worker(sender: Any, **_: Any) -> None:
    """Pools that work in the worker's own process take its messages as they are; threads start no process."""
    if sender.pool.body_can_be_buffer:
        import_steps()
        if GPU in sender.app.amqp.queues.consume_from:  # where pictures are looked at
            importlib.import_module("workers.analysers.subtitles").prepare_text()
