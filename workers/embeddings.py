"""Embeddings of faces that people put together, from the embeddings of their tracks."""

from __future__ import annotations

import logging

import numpy as np

from webapp.corpus.models import Identity
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from workers.analysers.errors import AnalysisError
from workers.analysers.face_file import read_looks

logger = logging.getLogger(__name__)


def fill_embeddings(job: Job) -> int:
    """Give every face of a job that lacks one the mean direction of the looks at its tracks; return how many did.

    A face file that is gone or unreadable leaves them without: they are then not compared, which harms nothing else.
    """
    lacking = list(Identity.objects.filter(job=job, embedding=[]).seen().prefetch_related("tracks"))
    if not lacking or not (name := job.figures.get("file", "")):
        return 0
    try:
        looks, _ = read_looks(media_storage().path(name))
    except (AnalysisError, FileNotFoundError) as error:
        logger.warning("The faces of job %s cannot be embedded: %s", job.pk, error)
        return 0
    given = 0
    for face in lacking:
        mine = looks.embedding[np.isin(looks.track, [track.index for track in face.tracks.all()])].astype(np.float64)
        length = float(np.linalg.norm(mine.mean(axis=0))) if len(mine) else 0.0
        if length > 0:
            face.embedding = [round(float(value), 6) for value in (mine.mean(axis=0) / length).tolist()]
            face.save(update_fields=["embedding"])
            given += 1
    return given
