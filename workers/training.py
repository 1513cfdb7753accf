"""Trains the baseline that a job asks for, on a release, once per seed."""

from __future__ import annotations

import csv
import logging
import math
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from baselines.errors import RunError
from baselines.files import read_json_lines
from baselines.seeds import PLAN, SeedsReport, folder_of, go_on, train_seeds
from baselines.training import TrainingConfig
from exports.errors import ExportError
from webapp.corpus.storage import LocalStorage, media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import renew
from webapp.training.models import TrainingRun
from webapp.training.services import NewEpoch, NewResult, store_epochs, store_result
from workers import tidying
from workers.analysers.errors import AnalysisError
from workers.failures import database_is_away
from workers.persisting import patiently, store
from workers.reporting import EVERY_SECONDS, Reporter

logger = logging.getLogger(__name__)


def train(job: Job, check: Callable[[], None]) -> None:
    """Train the job's run, where an earlier attempt on this machine was stopped from there on, and record its results.

    Raises AnalysisError, JobLost.
    """
    run = TrainingRun.objects.select_related("release").get(job=job)
    name = media_storage().published(tidying.folder_of(job), job.attempt)
    attempt = tidying.taken_over(job)
    published = ended = False
    try:
        watch = Watch(run, job, attempt / "run", Reporter(job, check))
        report = _train(run, attempt, watch)
        patiently(watch.look, check)
        results = [
            _result(attempt / "run", seed, metrics) for seed, metrics in zip(run.seeds, report.runs, strict=True)
        ]
        first = report.runs[0]
        summary = {
            "mean": report.mean,
            "deviation": report.deviation,
            "constant": {score: first["constant"][score] for score in report.mean},
            "selection": first["selection"],
        }
        renew(job)
        media_storage().publish(attempt / "run", name)
        published = True
        store(job, lambda: store_result(run=run, job=job, path=name, summary=summary, results=results), check)
        ended = True
    except (RunError, ExportError) as error:
        ended = True
        raise AnalysisError("training_refused", str(error)) from error
    finally:
        if ended:  # else the next attempt goes on with it, or the sweep removes it
            tidying.remove_attempts(job)
        if published:
            tidying.remove_unrecorded(job)


def _train(run: TrainingRun, attempt: Path, watch: Watch) -> SeedsReport:
    data, out = _release_folder(run, attempt), attempt / "run"
    if (out / PLAN).exists():
        return go_on(out, watch, data)
    asked = run.options
    config = TrainingConfig(
        model=run.model,
        emotions=asked["emotions"],
        modalities=tuple(asked["modalities"]),
        without=tuple(asked["without"]),
        seed=asked["seed"],
        epochs=asked["epochs"],
    )
    return train_seeds(config, asked["seeds"], data, out, watch)


def _release_folder(run: TrainingRun, attempt: Path) -> Path:
    """Return the release's folder: where every machine sees it, or, of another store, unpacked beside the run."""
    storage, release = media_storage(), run.release
    if isinstance(storage, LocalStorage):
        return storage.path(release.path)
    unpacked = attempt / "release"
    with zipfile.ZipFile(storage.path(release.archive)) as archive:
        archive.extractall(unpacked)
    return next(unpacked.iterdir())


class Watch:
    """Reports progress, and stores the epochs that have ended since, at most once a second."""

    def __init__(self, run: TrainingRun, job: Job, out: Path, report: Reporter) -> None:
        self._run, self._job, self._out, self._report = run, job, out, report
        self._looked_at = 0.0
        self._stored: dict[int, int] = {}

    def __call__(self, share: float, step: str) -> None:
        self._report(share, step)
        if time.monotonic() - self._looked_at < EVERY_SECONDS:
            return
        try:
            self.look()
        except (DatabaseError, InterfaceError) as error:
            if not database_is_away(error):
                raise
            logger.warning("Epochs of job %s could not be written: %s", self._job.pk, error)
            connection.close()

    def look(self) -> None:
        """Store what is new; at first everything, in place of what an earlier attempt left."""
        anew, self._looked_at = not self._stored, time.monotonic()
        files = {seed: folder_of(self._out, seed) / "epochs.jsonl" for seed in self._run.seeds}
        rows = {seed: read_json_lines(file) for seed, file in files.items()}
        new = [_epoch(seed, row) for seed, of in rows.items() for row in of[self._stored.get(seed, 0) :]]
        if new or anew:
            store_epochs(run=self._run, job=self._job, epochs=new, anew=anew)
        self._stored = {seed: len(of) for seed, of in rows.items()}


def _epoch(seed: int, row: dict[str, Any]) -> NewEpoch:
    measured = {name: value for name, value in row.items() if name not in ("stage", "epoch")}
    measures = {name: value for name, value in measured.items() if math.isfinite(value)}  # what a database can hold
    return NewEpoch(seed, row["stage"], row["epoch"], measures)


def _result(out: Path, seed: int, metrics: dict[str, Any]) -> NewResult:
    with (folder_of(out, seed) / "confusion.csv").open(encoding="utf-8", newline="") as stream:
        rows: Iterable[list[str]] = list(csv.reader(stream))[1:]
    return NewResult(seed, metrics, [[int(count) for count in row[1:]] for row in rows])
