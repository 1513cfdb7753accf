"""Reads reference pictures of a series, and suggests anew who its faces are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from webapp.corpus.casting import suggest_links
from webapp.corpus.models import Episode, FaceReference, Series
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import finish
from workers.analysers.errors import AnalysisError
from workers.analysers.faces.reference import ReferenceReader
from workers.embeddings import fill_embeddings
from workers.persisting import store
from workers.reporting import Reporter


def cast(job: Job, check: Callable[[], None]) -> None:
    """Do what the job's series lacks and end the job: embed new pictures, then suggest in every episode."""
    series = Series.objects.filter(pk=job.parameters["series"]).first()
    episodes = list(Episode.objects.filter(series=series).order_by("pk")) if series else []
    report = Reporter(job, check)
    read = _read_pictures(series) if series else 0
    suggested = 0
    for place, episode in enumerate(episodes):
        report(place / len(episodes), "suggesting who faces are")
        faces = Job.objects.filter(episode=episode, name="faces", is_current=True).first()
        if faces is not None:
            fill_embeddings(faces)
            suggested += suggest_links(episode, faces)
    store(job, lambda: finish(job, figures={"pictures": read, "suggested": suggested}), check)


def _read_pictures(series: Series) -> int:
    waiting = FaceReference.objects.filter(character__series=series, embedder="", error="").exclude(upload="")
    rows = list(waiting)
    reader = ReferenceReader() if rows else None
    for reference in rows:
        assert reader is not None
        try:
            found = reader.read(media_storage().path(reference.upload))
        except (AnalysisError, FileNotFoundError) as error:
            message = error.message if isinstance(error, AnalysisError) else "The picture is not there any more."
            FaceReference.objects.filter(pk=reference.pk).update(error=message[:300])
            continue
        name = str(Path(reference.upload).with_suffix("")) + "-face.jpg"
        file = media_storage().root / "incoming" / Path(name).name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(found.picture)
        media_storage().put(file, name)
        FaceReference.objects.filter(pk=reference.pk).update(
            picture=name, embedding=list(found.embedding), embedder=found.embedder
        )
    return len(rows)
