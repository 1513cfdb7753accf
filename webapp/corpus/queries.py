"""What is loaded of episodes and their facts, with which joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from webapp.accounts.models import User
from webapp.corpus.links import Face, Track
from webapp.corpus.models import Episode, EpisodeQuerySet, FaceTrack, Identity, Proxy, Shot
from webapp.corpus.models.facts import IdentityQuerySet
from webapp.jobs.models import Job


@dataclass(frozen=True, slots=True)
class AnalysisProgress:
    """How far the workers are with an episode; `status` is that of a job."""

    status: str
    progress: int
    step: str


def visible_to(user: User) -> EpisodeQuerySet:
    """Admins see all episodes, annotators those of their projects."""
    if user.is_staff:
        return Episode.objects.all()
    return Episode.objects.filter(projects__memberships__user=user).distinct()


#: What `newest_jobs` and `analysis_progress` read of a job: a fifth of its columns.
PROGRESS_FIELDS = ("episode", "kind", "name", "status", "is_current", "progress", "step", "beside")


def newest_jobs(episodes: Iterable[Episode], *, only: Sequence[str] = ()) -> dict[int, list[Job]]:
    """Return episode id -> the job of each analyser that counts now, in the order they were planned, in one query.

    That is the newest, unless an older one became current again (the episode went back to earlier parameters). A
    planning job is there only while it is not done. `only` names the columns that are loaded, for long lists.
    """
    newest: dict[int, dict[str, Job]] = defaultdict(dict)
    jobs = Job.objects.filter(kind__in=(Job.Kind.ANALYSIS, Job.Kind.PLAN), episode__in=episodes).order_by("pk")
    for job in jobs.only(*only) if only else jobs:
        assert job.episode_id is not None
        known = newest[job.episode_id].get(job.name)
        outdated = job.status == Job.Status.DONE and not job.is_current
        if known is None or not (known.is_current and outdated):
            newest[job.episode_id][job.name] = job
    return {
        pk: [job for job in by_name.values() if job.kind == Job.Kind.ANALYSIS or job.status != Job.Status.DONE]
        for pk, by_name in newest.items()
    }


def analysis_progress(jobs: list[Job]) -> AnalysisProgress:
    """Sum an episode's jobs up: running, else failed or cancelled if one is, else waiting or done.

    A job that waits, and is done beside one that runs, is as far as that.
    """
    if not jobs:
        return AnalysisProgress(Job.Status.WAITING, 0, "")
    running = next((job for job in jobs if job.status == Job.Status.RUNNING), None)
    ended = [job for job in jobs if job.status in (Job.Status.FAILED, Job.Status.CANCELLED)]
    stuck = next((job for job in ended if job.status == Job.Status.FAILED), ended[0] if ended else None)
    under_way = {job.pk: job.progress for job in jobs if job.status == Job.Status.RUNNING}
    progress = sum(
        under_way.get(job.beside_id or 0, 0) if job.status == Job.Status.WAITING else job.progress for job in jobs
    ) // len(jobs)
    if running is not None:
        return AnalysisProgress(Job.Status.RUNNING, progress, f"{running.name}: {running.step}".rstrip(": "))
    if stuck is not None:
        return AnalysisProgress(stuck.status, progress, stuck.name)
    if all(job.status == Job.Status.DONE for job in jobs):
        return AnalysisProgress(Job.Status.DONE, 100, "")
    waiting = next(job for job in jobs if job.status == Job.Status.WAITING)
    return AnalysisProgress(Job.Status.WAITING, progress, waiting.name)


def visible_shots(episode: Episode) -> QuerySet[Shot]:
    """Return the current shots; before there are any, those that were found so far for the newest analysis."""
    if episode.jobs.filter(name="shots", is_current=True).exists():
        return Shot.objects.current_for(episode)
    found = Shot.objects.filter(job__episode=episode, job__name="shots", job__status__in=Job.UNFINISHED)
    return found.filter(job=found.order_by("-job_id").values("job_id")[:1])


def on_screen(episode_id: int, start_ms: int, end_ms: int) -> dict[int, list[tuple[int, int]]]:
    """Return character id -> spans in which a linked face is seen, cut to the range."""
    tracks = FaceTrack.objects.current_for(episode_id).filter(
        identity__character__isnull=False, start_ms__lt=end_ms, end_ms__gt=start_ms
    )
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = tracks.order_by("start_ms").values_list("identity__character", "start_ms", "end_ms")
    for character, start, end in rows:
        spans[character].append((max(start, start_ms), min(end, end_ms)))
    return dict(spans)


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """A face track of a character, cut to a range. `look`: its best box there, time_ms, x, y, width, height, score."""

    character: int
    index: int
    start_ms: int
    end_ms: int
    look: tuple[float, ...] | None


def seen_tracks(episode_id: int, start_ms: int, end_ms: int) -> list[SeenTrack]:
    """Return the tracks of linked faces in a range, in order of time; boxes are pixels of the proxy."""
    tracks = FaceTrack.objects.current_for(episode_id).filter(
        identity__character__isnull=False, start_ms__lt=end_ms, end_ms__gt=start_ms
    )
    rows = tracks.order_by("start_ms", "index").values_list(
        "identity__character", "index", "start_ms", "end_ms", "boxes"
    )
    return [
        SeenTrack(character, index, max(start, start_ms), min(end, end_ms), best_look(boxes, start_ms, end_ms))
        for character, index, start, end, boxes in rows
    ]


def best_look(boxes: Iterable[Sequence[float]], start_ms: int, end_ms: int) -> tuple[float, ...] | None:
    """Return the box in which a face is surest and largest within a range."""
    inside = [tuple(box) for box in boxes if start_ms <= box[0] < end_ms]
    return max(inside, key=lambda box: box[5] * box[4], default=None)


def faces_of(job: Job, identities: IdentityQuerySet) -> list[Face]:
    """Return a job's identities with their tracks; boxes are shares of the picture that the job looked at."""
    proxy = Proxy.objects.filter(job__in=job.needs.all()).first()
    width, height = (proxy.width, proxy.height) if proxy else (1, 1)

    def track_of(track: FaceTrack) -> Track:
        return Track(
            tuple(int(box[0]) for box in track.boxes),
            tuple((box[1] / width, box[2] / height, box[3] / width, box[4] / height) for box in track.boxes),
            track.end_ms,
        )

    return [
        Face(identity.pk, tuple(track_of(track) for track in identity.tracks.all()), _said(identity))
        for identity in identities.filter(job=job).seen().prefetch_related("tracks")
    ]


def _said(identity: Identity) -> int | None:
    """Return what a person said of a face as `links` writes it: whose it is, or that it is one without a name."""
    return identity.character_id if identity.linked_by == Identity.LinkedBy.CONFIRMED else -identity.pk


def lost_links(episode: Episode) -> list[Identity]:
    """Return older identities, with their characters, whose confirmed link was not carried to the current faces.

    One is settled once its character has a confirmed face again, or once a person has said of all faces who they are.
    """
    job = Job.objects.filter(episode=episode, is_current=True, figures__has_key="links_lost").first()
    if job is None:
        return []
    current = list(Identity.objects.current_for(episode).seen().values_list("linked_by", "character"))
    said = {character for linked_by, character in current if linked_by == Identity.LinkedBy.CONFIRMED}
    if all(linked_by == Identity.LinkedBy.CONFIRMED for linked_by, _ in current) and current:
        return []
    lost = Identity.objects.filter(pk__in=job.figures["links_lost"]).select_related("character")
    return [identity for identity in lost if identity.character_id is None or identity.character_id not in said]


def face_of(episode_id: int) -> dict[int, Identity]:
    """Return character id -> the linked identity that is seen longest."""
    identities = Identity.objects.current_for(episode_id).filter(character__isnull=False).order_by("screen_time_ms")
    return {identity.character_id: identity for identity in identities if identity.character_id}
