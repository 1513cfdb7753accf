"""Which queue wakes for a job: each step prefers `cpu` or `gpu`, but no job waits for a machine that is not there."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from webapp.jobs.models import Job, Worker

CPU, GPU = "cpu", "gpu"
#: How often a worker says that it is there, also while it computes, and how long it is believed to be there since.
SEEN_EVERY_SECONDS = 15.0
GONE_AFTER = timedelta(seconds=60)


def queue_of(job: Job) -> str:
    """Return the queue to wake: the preferred one if a worker that takes it was seen lately, else `cpu`.

    Messages only wake: where the last GPU worker has gone, the sweep wakes its jobs again, then by `cpu`.
    """
    return job.queue if job.queue == CPU or is_served(job.queue) else CPU


def is_served(queue: str) -> bool:
    return Worker.objects.filter(takes__contains=f",{queue},", seen_at__gt=timezone.now() - GONE_AFTER).exists()


def is_anyone_there() -> bool:
    """Say whether a worker was seen lately, whatever it takes."""
    return Worker.objects.filter(seen_at__gt=timezone.now() - GONE_AFTER).exists()


def say_present(name: str, queues: set[str]) -> None:
    """Note that a worker is there, and what it takes; forget those that were not seen for a day."""
    now = timezone.now()
    takes = f",{','.join(sorted(queues))},"
    Worker.objects.update_or_create(name=name, defaults={"takes": takes, "seen_at": now})
    Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def say_gone(name: str) -> None:
    Worker.objects.filter(name=name).delete()
