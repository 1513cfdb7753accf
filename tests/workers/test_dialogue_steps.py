"""Corrections outlive a newer analysis: utterances, characters and segments follow them; old segments stay."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.webapp.factories import make_episode, make_job, make_user, write_media
from webapp.corpus.correcting import correct_line
from webapp.corpus.corrections import Line
from webapp.corpus.dialogue import dialogue_of
from webapp.corpus.models import Episode, Proxy, Segment, SpokenLine, Utterance
from webapp.jobs.models import Job
from workers.pipeline import plan
from workers.steps.context import StepContext
from workers.steps.dialogue import Options, run_alignment, store_alignment
from workers.steps.language import run_segments, store_segments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]

SAID = (("Rachel", "Hi.", 1000, 1500), ("", "What a day it was.", 3000, 5000), ("Joanna", "No.", 9000, 9400))


@pytest.fixture
def episode() -> Episode:
    episode = make_episode(duration_ms=20_000)
    for name in ("video", "audio", "poster"):
        write_media(getattr(Proxy.objects.get(), name))
    return episode


def heard(episode: Episode, *said: tuple[str, str, int, int]) -> Job:
    """A new analysis of the speech, that found these lines."""
    Job.objects.filter(episode=episode, name="speech").update(is_current=False)
    job = make_job("speech", episode=episode, status="done", is_current=True)
    for index, (speaker, text, start_ms, end_ms) in enumerate(said):
        words = [[word, start_ms, end_ms] for word in text.split()]
        SpokenLine.objects.create(
            job=job, index=index, speaker=speaker, text=text, start_ms=start_ms, end_ms=end_ms, words=words,
            timing="aligned", speaker_certain=bool(speaker),
        )  # fmt: skip
    return job


def follow(episode: Episode, speech: Job) -> tuple[Job, Job]:
    """Run the steps behind it, as the worker does: utterances, then segments."""
    episode.refresh_from_db()
    proxy = Job.objects.get(episode=episode, name="proxy")
    jobs = []
    needs = [proxy, speech]
    for name, run, put in (("alignment", run_alignment, store_alignment), ("segments", run_segments, store_segments)):
        Job.objects.filter(episode=episode, name=name).update(is_current=False)
        job = make_job(name, episode=episode, needs=needs, parameters={"corrections": episode.corrections})
        options = Options(episode.corrections)
        context = StepContext(job=job, episode=episode, options=options)
        figures = put(context, run(context))
        Job.objects.filter(pk=job.pk).update(status="done", is_current=True, figures=figures)
        jobs.append(job)
        needs = [proxy, job]
    return jobs[0], jobs[1]


def correct(episode: Episode, anchor: Line, said: Line, status: str = "said", added: bool = False) -> None:
    author = make_user()
    correct_line(
        episode=episode, author=author, client_id=uuid4(), anchor=anchor, said=said, status=status, added=added
    )


def told(episode: Episode) -> list[tuple[str, str, int, int, str]]:
    rows = Utterance.objects.current_for(episode).order_by("index")
    return [(row.speaker, row.text, row.start_ms, row.end_ms, row.timing) for row in rows]


def test_a_correction_survives_a_newer_analysis_and_segments_follow_it(episode: Episode) -> None:
    _, before = follow(episode, heard(episode, *SAID))
    correct(episode, Line(3000, 5000, "What a day it was.", ""), Line(3200, 5600, "What a day!", "Joanna"))
    _, after = follow(episode, Job.objects.get(episode=episode, name="speech"))
    assert told(episode)[1] == ("Joanna", "What a day!", 3200, 5600, "checked")
    middle = Utterance.objects.current_for(episode).get(index=1)
    assert middle.character is not None
    assert middle.character.name == "Joanna"
    assert middle.words[0][:2] == ["What", 3200]
    assert middle.words[-1][2] == 5600
    # rule 2: 0-3200 Hi (its gap of 1700 ms joins it), 3200-5600 What, 5600-9000 visual (3400 ms), 9000- No, visual
    assert list(Segment.objects.filter(job=after).values_list("start_ms", "kind")) == [
        (0, "speech"), (3200, "speech"), (5600, "visual"), (9000, "speech"), (9400, "visual"),
    ]  # fmt: skip
    starts = list(Segment.objects.filter(job=before).values_list("start_ms", flat=True))
    assert starts == [0, 3000, 5000, 9000, 9400], "clips made on the old segments keep them"
    newer = (("", "Something new.", 200, 700), ("Rachel", "Hi.", 1020, 1480), ("", "What a day it was", 2800, 4000))
    follow(episode, heard(episode, *newer))
    assert told(episode) == [
        ("", "Something new.", 200, 700, "aligned"),
        ("Rachel", "Hi.", 1020, 1480, "aligned"),
        ("Joanna", "What a day!", 3200, 5600, "checked"),
    ]
    assert dialogue_of(episode).pending is False


def test_a_correction_whose_line_is_gone_is_left_out_and_reported(episode: Episode) -> None:
    follow(episode, heard(episode, *SAID))
    correct(episode, Line(3000, 5000, "What a day it was.", ""), Line(3200, 5600, "What a day!", "Joanna"))
    alignment, _ = follow(episode, heard(episode, SAID[0]))
    assert [text for _, text, *_ in told(episode)] == ["Hi."]
    alignment.refresh_from_db()
    assert len(alignment.figures["corrections_lost"]) == 1
    assert [row.text for row in dialogue_of(episode).lost] == ["What a day!"]


def test_lines_nobody_says_leave_and_added_ones_come(episode: Episode) -> None:
    follow(episode, heard(episode, *SAID))
    gone = Line(9000, 9400, "No.", "Joanna")
    correct(episode, gone, gone, status="not_spoken")
    new = Line(7000, 7500, "Psst, quiet!", "Rachel")
    correct(episode, new, new, added=True)
    follow(episode, heard(episode, *SAID))
    assert [(text, timing) for _, text, _, _, timing in told(episode)] == [
        ("Hi.", "aligned"), ("What a day it was.", "aligned"), ("Psst, quiet!", "checked"),
    ]  # fmt: skip


def test_words_keep_their_times_where_only_the_span_was_corrected(episode: Episode) -> None:
    follow(episode, heard(episode, *SAID))
    correct(episode, Line(1000, 1500, "Hi.", "Rachel"), Line(1200, 1700, "Hi.", "Rachel"))
    follow(episode, heard(episode, *SAID))
    assert Utterance.objects.current_for(episode).get(index=0).words == [["Hi.", 1200, 1500]]


def test_a_correction_plans_what_follows_the_dialogue_and_not_the_analysis_of_the_speech(episode: Episode) -> None:
    before = {job.name: job.key for job in plan(episode)}
    correct(episode, Line(1000, 1500, "Hi.", "Rachel"), Line(1200, 1700, "Hi.", "Rachel"))
    episode.refresh_from_db()
    after = {job.name: job.key for job in plan(episode)}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"alignment", "segments", "casting", "suggestions", "features"}


def test_a_job_planned_before_a_correction_does_not_know_of_it(episode: Episode) -> None:
    speech = heard(episode, *SAID)
    correct(episode, Line(1000, 1500, "Hi.", "Rachel"), Line(1200, 1700, "Hello.", "Rachel"))
    job = make_job("alignment", episode=episode, needs=[Job.objects.get(episode=episode, name="proxy"), speech])
    early = StepContext(job=job, episode=episode, options=Options(corrections=0))
    assert run_alignment(early).utterances[0].text == "Hi."
