"""An episode worked out on paper (worked_example.md), by plain functions and through the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT, PRIMARY_OF
from exports.samples import build_samples, judge
from exports.snapshot import ClipRow, EpisodeRow, MomentRow, ProjectSnapshot, SegmentRow, StateRow
from exports.snapshot_json import check_snapshot
from tests.exports.factory import character, state
from tests.exports.worked_example import (
    ANNOTATORS,
    CLIPS,
    CORRECTED,
    DURATION_MS,
    GUEST,
    MAINS,
    MOMENTS,
    REASONS,
    SAMPLES,
    SEGMENTS,
    STATES,
    UTTERANCES,
)
from tests.webapp.factories import done_job, held_turn, make_bare_episode, make_series, make_user, mark_moments
from webapp.annotation.models import Clip, Project, Task
from webapp.annotation.rules import StateAnswer, clip_around
from webapp.annotation.services import states as state_services
from webapp.annotation.services.projects import create_project
from webapp.corpus.models import Episode, Proxy, Segment, Utterance
from webapp.quality.snapshot import project_snapshot
from workers.analysers import facts
from workers.analysers.segments import segments_of

IDS = {name: number for number, name in enumerate((*MAINS, GUEST), start=1)}
CLIP_IDS = {name: number for number, name in enumerate(CLIPS, start=1)}


def lines() -> list[facts.Utterance]:
    return [
        facts.Utterance(number, who, "Well.", start, end, (), "aligned", True)
        for number, (who, start, end) in enumerate(UTTERANCES)
    ]


def paper_snapshot() -> ProjectSnapshot:
    """The example as a snapshot, all of it from the paper's tables."""
    speakers = [None if line is None else UTTERANCES[line][0] for _, _, line in SEGMENTS]
    segments = tuple(
        SegmentRow(number, start, end, "speech" if who else "visual", IDS[who] if who else None, who or "", "")
        for number, ((start, end, _), who) in enumerate(zip(SEGMENTS, speakers, strict=True))
    )
    episode = EpisodeRow(1, "Show", "Example", "0" * 64, DURATION_MS, "25/1", segments, (), None, None)
    return ProjectSnapshot(
        project="Worked example",
        protocol="memor",
        answers_per_clip=3,
        fine_grained_kept=DEFAULT_FINE_GRAINED_KEPT,
        characters=tuple(character(number, name, main=name in MAINS) for name, number in IDS.items()),
        episodes=(episode,),
        clips=tuple(
            ClipRow(CLIP_IDS[name], name, 1, start, end, first, last, too_long)
            for name, (first, last, start, end, too_long) in CLIPS.items()
        ),
        moments=tuple(MomentRow(f"m{at}", 1, CLIP_IDS[clip], "x", at) for at, clip in MOMENTS.items()),
        states=tuple(
            state(CLIP_IDS[clip], IDS[who], annotator, label)
            for (clip, who), labels in STATES.items()
            for annotator, label in zip(ANNOTATORS, labels, strict=True)
        ),
    )


def named(snapshot: ProjectSnapshot) -> list[tuple[Any, ...]]:
    """Samples in the paper's words: clips by their span, characters by name."""
    spans = {(start, end): name for name, (_, _, start, end, _) in CLIPS.items()}
    clips = {clip.id: spans[clip.start_ms, clip.end_ms] for clip in snapshot.clips}
    people = {person.id: person.name for person in snapshot.characters}
    return [
        (clips[s.clip_id], s.time_ms, people[s.character_id], s.label, s.primary, s.fine_grained, s.votes)
        for s in build_samples(snapshot)[0]
    ]


def reasons(snapshot: ProjectSnapshot) -> dict[tuple[str, str], str]:
    spans = {(start, end): name for name, (_, _, start, end, _) in CLIPS.items()}
    clips = {clip.id: spans[clip.start_ms, clip.end_ms] for clip in snapshot.clips}
    people = {person.id: person.name for person in snapshot.characters}
    return {(clips[v.clip_id], people[v.character_id]): v.decision.reason for v in judge(snapshot) if v.decision.reason}


def test_rule_2_segments() -> None:
    found = segments_of(lines(), DURATION_MS)
    assert tuple((one.start_ms, one.end_ms, one.utterance) for one in found) == SEGMENTS


@pytest.mark.parametrize(("moment", "clip"), MOMENTS.items())
def test_rule_4_clips(moment: int, clip: str) -> None:
    span = clip_around(moment, segments_of(lines(), DURATION_MS))
    found = (span.first_segment, span.last_segment, span.start_ms, span.end_ms, span.too_long)
    assert found == CLIPS[clip]


def test_rules_6_and_7_samples() -> None:
    snapshot = paper_snapshot()
    check_snapshot(snapshot)
    assert named(snapshot) == SAMPLES
    assert reasons(snapshot) == REASONS
    tally = build_samples(snapshot)[1]
    assert (tally.pairs, tally.kept, sum(tally.dropped.values()), tally.samples) == (18, 9, 9, 11)
    assert (tally.clips, tally.clips_too_long, tally.kept_unfinished) == (6, 1, 0)


def test_the_paper_and_the_tables_say_the_same() -> None:
    """worked_example.md is what people read: its counts and every row's answers are those of the tables."""
    text = (Path(django_settings.ROOT) / "tests/exports/worked_example.md").read_text(encoding="utf-8")
    clip = ""
    for row in text[text.index("| clip | who |") :].splitlines()[2:]:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        clip = cells[0] or clip
        if len(cells) < 5 or not cells[1]:
            continue
        said = tuple(cell.rpartition("corrected to ")[2].replace("no emotion", "no_emotion") for cell in cells[2:5])
        assert said == STATES[clip, cells[1]]
        assert sum(sample[:3:2] == (clip, cells[1]) for sample in SAMPLES) or (clip, cells[1]) in REASONS
    assert f"{len(REASONS)} do not" in text
    assert f"makes {len(SAMPLES)} samples" in text


@settings(max_examples=50)
@given(st.permutations(ANNOTATORS), st.randoms(use_true_random=False))
def test_whose_answer_it_is_changes_no_sample(names: list[str], draw: Any) -> None:
    """Annotators change their names and answer in another order."""
    snapshot = paper_snapshot()
    renamed = dict(zip(ANNOTATORS, names, strict=True))
    rows = [replace(row, annotator=renamed[row.annotator]) for row in snapshot.states]
    draw.shuffle(rows)
    changed = replace(snapshot, states=tuple(rows))
    assert named(changed) == SAMPLES
    assert reasons(changed) == REASONS


LABELS = st.sampled_from([*PRIMARY_OF, "absent", "no_emotion", "several", ""])
ANSWERS = st.lists(st.tuples(*[LABELS] * 4), min_size=15, max_size=15)


def answered(answers: list[tuple[str, ...]], people: dict[str, int]) -> ProjectSnapshot:
    """The example's clips with other answers of four annotators ("" for none), and other numbers for the people."""
    snapshot = paper_snapshot()
    rows = [
        state(CLIP_IDS[clip], people[who], f"a{place}", label)
        for (clip, who), labels in zip(STATES, answers, strict=True)
        for place, label in enumerate(labels)
        if label
    ]
    characters = tuple(character(people[name], name, main=name in MAINS) for name in people)
    episode = replace(snapshot.episodes[0], segments=())
    return replace(snapshot, characters=characters, episodes=(episode,), states=tuple(rows))


@given(ANSWERS, st.permutations([11, 12, 13, 14]))
def test_what_a_person_is_called_changes_no_sample(answers: list[tuple[str, ...]], numbers: list[int]) -> None:
    """Relabelling persons: other ids, the same answers of the same people."""
    before = answered(answers, IDS)
    after = answered(answers, dict(zip(IDS, numbers, strict=True)))
    assert named(before) == named(after)
    assert reasons(before) == reasons(after)


@given(ANSWERS, st.permutations(range(4)))
def test_who_of_the_annotators_says_it_changes_no_sample(answers: list[tuple[str, ...]], order: list[int]) -> None:
    """Reordering annotators: each one's answers move to another of them."""
    before, after = answered(answers, IDS), answered([tuple(row[i] for i in order) for row in answers], IDS)
    assert named(before) == named(after)
    assert reasons(before) == reasons(after)


@given(st.lists(st.tuples(st.integers(0, 59_000), st.integers(1, 9_000)), max_size=15), st.integers(0, 60_000))
def test_a_clip_is_a_union_of_whole_segments_that_holds_its_moment(spans: list[tuple[int, int]], at: int) -> None:
    said = [
        facts.Utterance(number, "Ada", "Well.", start, min(start + length, 60_000), (), "aligned", True)
        for number, (start, length) in enumerate(spans)
    ]
    segments = segments_of(said, 60_000)
    assert [segments[0].start_ms, *(s.end_ms for s in segments)] == [*(s.start_ms for s in segments), 60_000]
    clip = clip_around(at, segments)
    inside = segments[clip.first_segment : clip.last_segment + 1]
    assert (inside[0].start_ms, inside[-1].end_ms) == (clip.start_ms, clip.end_ms)
    assert sum(s.end_ms - s.start_ms for s in inside) == clip.end_ms - clip.start_ms
    assert clip.start_ms <= at <= clip.end_ms


def stored_episode() -> Episode:
    """The example's utterances in the database, cut into segments as a worker does."""
    episode = make_bare_episode(make_series("Show", mains=MAINS, others=(GUEST,)), "Example")
    people = {person.name: person for person in episode.series.characters.all()}
    proxy = done_job("proxy", episode)
    Proxy.objects.create(
        job=proxy, episode=episode, video="v.mp4", poster="p.jpg", duration_ms=DURATION_MS, frame_rate="25/1",
        frame_count=DURATION_MS // 40, width=1280, height=720,
    )  # fmt: skip
    alignment = done_job("alignment", episode, [proxy])
    segmentation = done_job("segments", episode, [proxy, alignment])
    rows = Utterance.objects.bulk_create(
        Utterance(
            job=alignment, index=line.index, start_ms=line.start_ms, end_ms=line.end_ms, speaker=line.speaker,
            character=people[line.speaker], text=line.text, timing="aligned", speaker_certain=True,
        )
        for line in lines()
    )  # fmt: skip
    Segment.objects.bulk_create(
        Segment(
            job=segmentation, index=one.index, start_ms=one.start_ms, end_ms=one.end_ms, kind=one.kind,
            utterance=None if one.utterance is None else rows[one.utterance],
        )
        for one in segments_of(lines(), DURATION_MS)
    )  # fmt: skip
    return episode


def answer_of(row: StateRow) -> StateAnswer:
    return StateAnswer(row.status, row.primary, row.fine_grained, row.reasons)


@pytest.mark.django_db
def test_the_database_gives_the_samples_of_the_paper() -> None:
    people = [make_user(name) for name in ANNOTATORS]
    project = create_project(
        name="Worked example", protocol=Project.Protocol.MEMOR, episodes=[stored_episode()], annotators=people
    )
    mark_moments(project, people[0], *reversed(MOMENTS))
    spans = {(start, end): name for name, (_, _, start, end, _) in CLIPS.items()}
    assert {spans[clip.start_ms, clip.end_ms]: clip.too_long for clip in Clip.objects.all()} == {
        name: values[-1] for name, values in CLIPS.items()
    }
    for annotator, person in zip(ANNOTATORS, people, strict=True):
        for _ in range(5):
            turn = held_turn(project, person, Task.Kind.STATES)
            assert turn.task.clip is not None
            clip = spans[turn.task.clip.start_ms, turn.task.clip.end_ms]
            for who in turn.task.episode.series.characters.filter(is_main=True):
                labels = [STATES[clip, who.name][ANNOTATORS.index(annotator)]]
                if CORRECTED[0] == (clip, who.name, annotator):
                    labels.insert(0, CORRECTED[1])
                for label in labels:
                    said = answer_of(state(0, 0, "", label))
                    state_services.submit_state(assignment=turn, client_id=uuid4(), character_id=who.pk, answer=said)
            state_services.finish_states(assignment=turn)
    snapshot = project_snapshot(project)
    check_snapshot(snapshot)
    assert named(snapshot) == SAMPLES
    assert reasons(snapshot) == REASONS
