"""The steps that look at pictures share one pass: one decode, jobs of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.sample_videos import write_video
from tests.webapp.threads import at_once
from tests.workers.pictures import dissolve_free_scenes, video_to_encode
from webapp.corpus.models import Episode, Features, Identity, Proxy, Shot, SubtitleLine
from webapp.corpus.queries import visible_shots
from webapp.corpus.services import plan_analysis
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.services import JobLost
from workers import pipeline, tasks
from workers.analysers import frames, sweep
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Shot as ShotFact
from workers.analysis import run_pass
from workers.steps import pictures
from workers.steps.context import StepContext
from workers.steps.shown import ShownShots

pytestmark = [pytest.mark.models, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]

IN_ONE_PASS = set(tasks.IN_ONE_PASS)


@pytest.fixture
def episode(tmp_path: Path) -> Episode:
    video = write_video(tmp_path / "scenes.mp4", dissolve_free_scenes())
    call_command("import_episode", str(video), series="Series", title="Scenes")
    return Episode.objects.get()


def make_proxy_alone(episode: Episode) -> None:
    """Make the proxy while nothing waits for it that would look at its source."""
    plan_analysis(episode, only=["proxy"])
    tasks.run_job(Job.objects.get(kind=Job.Kind.PLAN).pk)
    tasks.run_job(Job.objects.get(name="proxy").pk)


def run_everything(episode: Episode) -> None:
    call_command("analyse", str(episode.pk), here=True)


class CountedReading:
    """Counts the packets that are read of each file, whoever opens it for decoding."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.packets: Counter[str] = Counter()
        self.real = real = frames.open_video

        @contextmanager
        def counted(path: Path, **options: Any) -> Iterator[tuple[Any, Any]]:
            with real(path, **options) as (container, stream):
                yield _Counted(container, self.packets, path.name), stream

        for module in (frames, sweep):
            monkeypatch.setattr(module, "open_video", counted)


class _Counted:
    def __init__(self, container: Any, packets: Counter[str], name: str) -> None:
        self._container, self._packets, self._name = container, packets, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._container, name)

    def demux(self, *streams: Any) -> Iterator[Any]:
        for packet in self._container.demux(*streams):
            self._packets[self._name] += packet.size > 0
            yield packet


def test_every_packet_of_the_proxy_is_read_once_for_all_steps_together(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_proxy_alone(episode)
    counted = CountedReading(monkeypatch)
    run_everything(episode)
    assert set(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("status", flat=True)) == {Job.Status.DONE}
    assert counted.packets == {"proxy.mp4": Proxy.objects.get().frame_count}
    assert Shot.objects.count() == 3
    assert Features.objects.count() == 1


def test_every_packet_of_a_copied_source_is_decoded_once_and_the_proxys_are_not(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = CountedReading(monkeypatch)
    monkeypatch.setattr(frames, "open_video", counted.real)  # its lengths and posters are no look at all of them
    run_everything(episode)
    assert Job.objects.get(name="proxy").figures["copied"] is True
    assert set(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("status", flat=True)) == {Job.Status.DONE}
    assert counted.packets == {Path(episode.source).name: Proxy.objects.get().frame_count}


def test_a_second_run_does_nothing(episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    run_everything(episode)
    attempts = dict(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("pk", "attempt"))
    counted = CountedReading(monkeypatch)
    run_everything(episode)
    assert not counted.packets
    assert dict(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("pk", "attempt")) == attempts


def test_a_new_version_of_one_step_looks_again_for_that_step_alone(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_everything(episode)
    steps = [replace(s, version="next") if s.name == "surroundings" else s for s in pipeline.STEPS.values()]
    monkeypatch.setattr(pipeline, "_STEPS", tuple(steps))
    monkeypatch.setattr(pipeline, "STEPS", {step.name: step for step in steps})
    before = set(Job.objects.values_list("pk", flat=True))
    run_everything(episode)
    new = Job.objects.exclude(pk__in=before).filter(kind=Job.Kind.ANALYSIS)
    assert set(new.values_list("name", flat=True)) == {"surroundings", "features"}


def test_one_step_that_cannot_go_on_does_not_stop_the_others(episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AnalysisError("reader_missing", "There is no reader for this language.")

    monkeypatch.setattr(pictures, "TextTap", refuse)
    with pytest.raises(Exception, match="no reader"):
        run_everything(episode)
    statuses = dict(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("name", "status"))
    assert statuses["subtitles"] == Job.Status.FAILED
    assert {statuses[name] for name in ("shots", "faces", "surroundings")} == {Job.Status.DONE}


def test_the_steps_end_with_a_proxy_that_is_encoded_and_nobody_decodes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("import_episode", str(video_to_encode(tmp_path)), series="Series", title="Scenes")
    episode = Episode.objects.get()
    plan_analysis(episode)
    tasks.run_job(Job.objects.get(kind=Job.Kind.PLAN).pk)
    counted = CountedReading(monkeypatch)
    tasks.run_job(Job.objects.get(name="proxy").pk)
    of_pass = Job.objects.filter(name__in=IN_ONE_PASS)
    assert dict(of_pass.values_list("status", "attempt")) == {Job.Status.DONE: 1}
    assert of_pass.count() == len(IN_ONE_PASS)
    run_everything(episode)
    assert set(Job.objects.filter(kind=Job.Kind.ANALYSIS).values_list("status", flat=True)) == {Job.Status.DONE}
    length_and_poster = Proxy.objects.get().frame_count + 5
    assert counted.packets == {"proxy.mp4": length_and_poster}, "read for its length, five of them decoded"
    assert Shot.objects.count() == 3
    assert not list(Path(settings.MEDIA_ROOT).glob("episodes/*/*.attempt-*"))


def test_a_step_that_cannot_go_on_while_the_proxy_is_encoded_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise AnalysisError("reader_missing", "There is no reader for this language.")

    def break_off(*_: Any) -> Any:
        raise AnalysisError("arrays_unreadable", "This one breaks.")

    call_command("import_episode", str(video_to_encode(tmp_path)), series="Series", title="Scenes")
    plan_analysis(Episode.objects.get())
    tasks.run_job(Job.objects.get(kind=Job.Kind.PLAN).pk)
    monkeypatch.setattr(pictures, "TextTap", refuse)
    monkeypatch.setattr(pictures.SurroundingsTap, "see", break_off)
    tasks.run_job(Job.objects.get(name="proxy").pk)
    rows = Job.objects.filter(name__in=["proxy", *IN_ONE_PASS]).values_list("name", "status", "error_code")
    assert {name: (status, code) for name, status, code in rows} == {
        "proxy": ("done", ""),
        "shots": ("done", ""),
        "surroundings": ("failed", "arrays_unreadable"),
        "subtitles": ("failed", "reader_missing"),
        "shot_looks": ("done", ""),
        "faces": ("done", ""),
    }


def test_a_copied_proxy_with_damage_is_written_anew(tmp_path: Path) -> None:
    good = write_video(tmp_path / "good.mp4", dissolve_free_scenes(noise=True))
    content = bytearray(good.read_bytes())
    middle = content.index(b"mdat") + len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(content)
    call_command("import_episode", str(broken), series="Series", title="Broken")
    episode = Episode.objects.get()
    run_everything(episode)
    current = Job.objects.filter(episode=episode, is_current=True)
    assert set(current.values_list("name", flat=True)) >= IN_ONE_PASS | {"proxy", "features"}
    proxy = current.get(name="proxy")
    assert (proxy.figures["copied"], proxy.parameters["copy_pictures"]) == (False, False)
    assert Shot.objects.filter(job__is_current=True).exists()
    assert not Shot.objects.filter(job__is_current=False).exists()


def test_shots_are_seen_while_the_rest_is_looked_at(episode: Episode) -> None:
    make_proxy_alone(episode)
    pipeline.plan(episode, ["shots"])
    (job,) = services.claim(Job.objects.get(name="shots").pk, worker="here:1", together=tasks.IN_ONE_PASS)
    context = StepContext(job=job, episode=episode, options=None)
    show = ShownShots()
    found = [ShotFact(index, index * 1000, (index + 1) * 1000, index * 1000 + 500) for index in range(4)]
    seen = []
    for count in (0, 1, 2, 3, 4):
        show(context, found[:count])
        seen.append(visible_shots(episode).count())
    assert seen == [0, 1, 2, 2, 4]
    run_pass([job], lambda: None)
    assert visible_shots(episode).count() == Shot.objects.count() == 3
    with pytest.raises(JobLost):
        ShownShots()(context, found)
    assert Shot.objects.count() == 3


def test_two_workers_that_are_woken_at_once_never_part_the_pass(episode: Episode) -> None:
    make_proxy_alone(episode)
    pipeline.plan(episode)
    jobs = list(Job.objects.filter(name__in=IN_ONE_PASS))

    def claim(number: int) -> list[str]:
        claimed = services.claim(jobs[number % len(jobs)].pk, worker=f"w:{number}", together=tasks.IN_ONE_PASS)
        return [job.name for job in claimed]

    claims = [names for names in at_once(8, claim) if names]
    assert len(claims) == 1
    assert set(claims[0]) == IN_ONE_PASS
    assert claims[0].index("shots") < claims[0].index("faces")


def test_nothing_is_found_where_nothing_is(episode: Episode) -> None:
    run_everything(episode)
    assert SubtitleLine.objects.count() == Identity.objects.count() == 0


def test_freed_memory_goes_back_while_a_long_video_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the networks are loaded, and then now and then: not with every picture, and not at the end alone."""
    given_back: list[int] = []
    passed = 0
    monkeypatch.setattr(pictures.freed, "give_back", lambda: given_back.append(passed))
    for _ in pictures._giving_back(iter([None] * 6000)):  # type: ignore[list-item]  # whatever passes
        passed += 1
    assert given_back == [500, 2500, 4500]
