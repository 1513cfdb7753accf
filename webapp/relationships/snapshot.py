"""A project's clips as the plain values of `exports.erato.clips`, a few hundred at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from django.utils import timezone

from exports.erato.clips import Answer, EratoClip, Line, Pair, Person, Span
from webapp.annotation.models import Assignment, Clip, Project
from webapp.annotation.naming import clip_name
from webapp.corpus.models import FaceTrack, SubtitleLine
from webapp.jobs.models import Job
from webapp.relationships.lines import ClipLine, newest
from webapp.relationships.models import ClipPerson, LineRevision, StepRevision
from webapp.relationships.moved_faces import MovedFaces
from webapp.relationships.queries import as_clip_line, standing_of
from webapp.relationships.steps import Outcome, StepEvent

CHUNK: Final = 400
#: Pictures of a person that a release names.
PICTURES: Final = 3


def labelled_clips(project: Project, agreed: Mapping[int, tuple[Pair, str]] | None = None) -> Iterator[EratoClip]:
    """Yield all clips of the project, also dropped ones, by episode and time: people, lines, and what was said.

    `agreed`: clip -> the pair and relationship that a discussion ended with.

    Of a finished turn the last thing that was complete counts. A number of queries that does not grow with the clips
    of a chunk; never more than a chunk in memory. Read it within one transaction to get one state of the database.
    """
    names = clip_names(project)
    remaining = iter(names)
    while chunk := list(islice(remaining, CHUNK)):
        yield from _clips(chunk, names, agreed or {})


def clip_names(project: Project) -> dict[int, str]:
    """Return clip -> its name in a release, by episode and time; clips that would share one are numbered."""
    rows = project.clips.order_by("episode", "start_ms", "end_ms")
    seen: Counter[str] = Counter()
    names = {}
    for pk, series, title, start_ms in rows.values_list("pk", "episode__series__name", "episode__title", "start_ms"):
        name = clip_name(series, title, start_ms)
        seen[name] += 1
        names[pk] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return names


@dataclass(frozen=True, slots=True)
class _Said:
    annotator: str
    day: date
    outcome: Outcome


def _clips(pks: Sequence[int], names: Mapping[int, str], agreed: Mapping[int, tuple[Pair, str]]) -> Iterator[EratoClip]:
    rows = Clip.objects.filter(pk__in=pks).select_related("episode__series", "facts")
    clips = list(rows.order_by("episode", "start_ms", "end_ms"))
    people = _people(pks)
    moved = MovedFaces.of({person.identity_id for of_clip in people.values() for person in of_clip})
    said = _said(pks, {clip: {person.identity_id for person in of_clip} for clip, of_clip in people.items()})
    lines = _lines(clips)
    pictures = _pictures(clips, people)
    for clip in clips:
        in_clip = people.get(clip.pk, [])
        now = moved.in_clip((clip.start_ms, clip.end_ms), {p.identity_id: p.spans for p in in_clip})
        outcomes = said.get(clip.pk, [])
        facts = getattr(clip, "facts", None)
        yield EratoClip(
            name=names[clip.pk],
            series=clip.episode.series.name,
            episode=clip.episode.title,
            start_ms=clip.start_ms,
            end_ms=clip.end_ms,
            shots=clip.last_segment - clip.first_segment + 1,
            people=_persons(in_clip, now, moved.names, pictures),
            lines=tuple(Line(line.start_ms, line.end_ms, line.text) for line in lines[clip.pk]),
            answers=tuple(_answer(one, now) for one in outcomes if _is_of_two(one.outcome, now)),
            consensus=_consensus(agreed.get(clip.pk), now),
            discarded="" if clip.pk in agreed else _discarded([one.outcome for one in outcomes]),
            restored=facts is not None and facts.is_restored,
        )


def _people(pks: Sequence[int]) -> dict[int, list[ClipPerson]]:
    found: dict[int, list[ClipPerson]] = defaultdict(list)
    rows = ClipPerson.objects.filter(clip__in=pks).select_related("identity__character").order_by("clip", "place")
    for person in rows.defer("identity__embedding", "identity__best_faces", "identity__character__questionnaire"):
        found[person.clip_id].append(person)
    return found


def _persons(
    people: Sequence[ClipPerson],
    now: Mapping[int, int],
    names: Mapping[int, str],
    pictures: Mapping[int, Sequence[tuple[int, int, str]]],
) -> tuple[Person, ...]:
    """Return who is in a clip; two rows whose faces were merged since are one person."""
    by_identity: dict[int, list[ClipPerson]] = defaultdict(list)
    for person in people:
        by_identity[now[person.identity_id]].append(person)
    found = []
    for identity, rows in by_identity.items():
        spans: tuple[Span, ...] = tuple((start, end) for row in rows for start, end in row.spans)
        known = next((row.identity.character.name for row in rows if row.identity.character), "")
        faces = [row.identity.face for row in rows if row.identity.face]
        faces += [name for row in rows for name in _in_spans(pictures.get(row.identity_id, ()), row.spans)]
        unique = tuple(dict.fromkeys(faces))[:PICTURES]
        found.append(Person(identity, names.get(identity, known), tuple(sorted(spans)), unique))
    return tuple(found)


def _in_spans(tracks: Sequence[tuple[int, int, str]], spans: Sequence[Sequence[int]]) -> list[str]:
    """Return the pictures of tracks (start_ms, end_ms, picture) that are seen in spans, the longest track first."""
    inside = [one for one in tracks if any(one[0] < end and one[1] > start for start, end in spans)]
    return [picture for _, _, picture in sorted(inside, key=lambda one: (one[0] - one[1], one[0]))]


def _pictures(
    clips: Sequence[Clip], people: Mapping[int, Sequence[ClipPerson]]
) -> dict[int, list[tuple[int, int, str]]]:
    """Return identity -> (start_ms, end_ms, picture) of its tracks, in one query."""
    found: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    tracks = FaceTrack.objects.filter(
        identity__in={person.identity_id for of_clip in people.values() for person in of_clip},
        start_ms__lt=max((clip.end_ms for clip in clips), default=0),
        end_ms__gt=min((clip.start_ms for clip in clips), default=0),
    ).exclude(picture="")
    for identity, start_ms, end_ms, picture in tracks.values_list("identity", "start_ms", "end_ms", "picture"):
        assert identity is not None
        found[identity].append((start_ms, end_ms, picture))
    return found


def _said(pks: Sequence[int], people: Mapping[int, Collection[int]]) -> dict[int, list[_Said]]:
    """Return clip -> what each finished turn says of it, the first finished first."""
    events: dict[tuple[int, int], list[StepEvent]] = defaultdict(list)
    steps = StepRevision.objects.filter(assignment__task__clip__in=pks).order_by("pk")
    columns = ("kind", "first", "second", "relationship", "back_to", "reason", "words", "unsure", "comment")
    for clip, annotator, kind, first, second, *rest in steps.values_list(
        "assignment__task__clip", "assignment__annotator", *columns
    ):
        pair = (first, second) if first and second else None
        events[clip, annotator].append(StepEvent(kind, pair, *rest))
    done = Assignment.objects.filter(task__clip__in=pks, status=Assignment.Status.DONE).order_by("finished_at", "pk")
    found: dict[int, list[_Said]] = defaultdict(list)
    for clip, annotator, username, finished_at in done.values_list(
        "task__clip", "annotator", "annotator__username", "finished_at"
    ):
        assert clip is not None
        assert finished_at is not None
        outcome = standing_of(events[clip, annotator], people.get(clip, ())).outcome
        if outcome is not None:
            found[clip].append(_Said(username, timezone.localdate(finished_at), outcome))
    return found


def _answer(said: _Said, now: Mapping[int, int]) -> Answer:
    assert said.outcome.pair is not None
    smaller, larger = sorted(now[identity] for identity in said.outcome.pair)
    return Answer(said.annotator, (smaller, larger), said.outcome.relationship, said.day)


def _consensus(agreed: tuple[Pair, str] | None, now: Mapping[int, int]) -> tuple[Pair, str] | None:
    """Return it with the identities of now; None where its two were merged since."""
    if agreed is None or not set(agreed[0]) <= set(now):
        return None
    smaller, larger = sorted(now[identity] for identity in agreed[0])
    return ((smaller, larger), agreed[1]) if smaller < larger else None


def _is_of_two(outcome: Outcome, now: Mapping[int, int]) -> bool:
    """Whether it names a pair that is still two people: faces that were merged since are one."""
    return outcome.pair is not None and now[outcome.pair[0]] != now[outcome.pair[1]]


def _discarded(outcomes: Sequence[Outcome]) -> str:
    """Return why a clip is discarded, if at least as many say so as choose a relationship; else ""."""
    reasons = [one for one in outcomes if one.discarded]
    if not reasons or 2 * len(reasons) < len(outcomes):
        return ""
    return f"{reasons[0].discarded}: {reasons[0].words}" if reasons[0].words else reasons[0].discarded


def _lines(clips: Sequence[Clip]) -> dict[int, list[ClipLine]]:
    """Return clip -> its lines as they count, in three queries."""
    revisions: dict[int, list[LineRevision]] = defaultdict(list)
    for revision in LineRevision.objects.filter(clip__in=clips).order_by("pk"):
        revisions[revision.clip_id].append(revision)
    current = dict(
        Job.objects.filter(episode__in={clip.episode_id for clip in clips}, name="subtitles", is_current=True)
        .order_by("pk")
        .values_list("episode", "pk")
    )
    jobs = {
        clip.pk: revisions[clip.pk][0].subtitles_id if revisions[clip.pk] else current.get(clip.episode_id)
        for clip in clips
    }
    found: dict[int | None, list[SubtitleLine]] = defaultdict(list)
    for line in SubtitleLine.objects.filter(job__in={job for job in jobs.values() if job}).order_by("job", "index"):
        found[line.job_id].append(line)
    return {
        clip.pk: newest(_inside(found[jobs[clip.pk]], clip), (r.said for r in revisions[clip.pk])) for clip in clips
    }


def _inside(lines: Sequence[SubtitleLine], clip: Clip) -> list[ClipLine]:
    return [as_clip_line(line) for line in lines if line.start_ms < clip.end_ms and line.end_ms > clip.start_ms]
