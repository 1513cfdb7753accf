"""Planning an episode's analysis and running its steps: once, in order, and all or nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.webapp.factories import make_bare_episode, make_episode
from tests.webapp.threads import at_once
from tests.workers.videos import make_video
from webapp.corpus.facts_document import facts_document
from webapp.corpus.models import Episode, Proxy, Segment, Shot
from webapp.corpus.queries import analysis_progress, newest_jobs
from webapp.corpus.services import plan_analysis
from webapp.jobs import services
from webapp.jobs.models import Job
from workers import analysis, pipeline
from workers.analysers.errors import AnalysisError
from workers.importing import import_episode
from workers.pipeline import Step, plan, with_needs
from workers.steps.context import StepContext
from workers.tasks import run_job

pytestmark = pytest.mark.usefixtures("media_root")


@dataclass(frozen=True)
class Lines:
    count: int = 3
    language: str = "en"


class FakeSteps:
    """Three steps that cost nothing: `read` needs nothing, `cut` needs it, `join` needs both; `ran` says what ran."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran: list[str] = []
        self.during: Callable[[StepContext], None] = lambda _context: None
        self.after_publish: Callable[[StepContext], None] = lambda _context: None
        self._monkeypatch = monkeypatch
        self.use(
            Step("read", "1", (), self.run, self.store, Lines, inputs=("subtitles_sha256",)),
            Step("cut", "1", ("read",), self.run, self.store),
            Step("join", "1", ("read", "cut"), self.run, self.store),
            Step("other", "1", (), self.run, self.store),
        )

    def use(self, *steps: Step) -> None:
        self._monkeypatch.setattr(pipeline, "_STEPS", steps)
        by_name = {step.name: step for step in steps}
        self._monkeypatch.setattr(pipeline, "STEPS", by_name)
        self._monkeypatch.setattr(analysis, "STEPS", by_name)

    def change(self, name: str, **values: Any) -> None:
        self.use(*(replace(step, **values) if step.name == name else step for step in pipeline.STEPS.values()))

    def run(self, context: StepContext) -> str:
        (context.workdir / "made.txt").write_text(context.job.name)
        context.progress(0.5, "half way")
        self.during(context)
        return "found"

    def store(self, context: StepContext, found: str) -> dict[str, Any]:
        context.publish()
        Shot.objects.create(job=context.job, index=0, start_ms=0, end_ms=10, key_frame_ms=0)
        self.after_publish(context)
        self.ran.append(context.job.name)
        return {"found": found}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, db: None) -> FakeSteps:
    return FakeSteps(monkeypatch)


def work(episode: Episode) -> None:
    """Run what can run, as a worker does that is woken again and again."""
    while job := Job.objects.filter(episode=episode).claimable(timezone.now()).order_by("pk").first():
        run_job(job.pk)


def statuses(episode: Episode) -> dict[str, str]:
    jobs = newest_jobs([episode]).get(episode.pk, [])
    return {job.name: job.status for job in jobs}


def folders(media_root: Path) -> list[str]:
    return sorted(path.name.split("-")[0] for path in media_root.glob("episodes/*/*"))


def test_a_plan_makes_a_job_for_every_step_after_all_it_needs(steps: FakeSteps) -> None:
    jobs = plan(make_bare_episode())
    assert [(job.name, sorted(need.name for need in job.needs.all())) for job in jobs] == [
        ("read", []), ("cut", ["read"]), ("join", ["cut", "read"]), ("other", []),
    ]  # fmt: skip


def test_planning_twice_changes_nothing(steps: FakeSteps) -> None:
    episode = make_bare_episode()
    first = [job.pk for job in plan(episode)]
    work(episode)
    before = list(Job.objects.values())
    assert [job.pk for job in plan(episode)] == first
    assert list(Job.objects.values()) == before
    work(episode)
    assert sorted(steps.ran) == ["cut", "join", "other", "read"]


@pytest.mark.django_db(transaction=True)
def test_planning_in_several_threads_at_once_makes_every_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeSteps(monkeypatch)
    episode = make_bare_episode()
    planned = at_once(6, lambda _number: [job.pk for job in plan(episode)])
    assert len({tuple(jobs) for jobs in planned}) == 1
    assert Job.objects.count() == 4
    assert Job.objects.get(name="join").needs.count() == 2


def test_a_changed_version_plans_only_what_depends_on_it(steps: FakeSteps) -> None:
    episode = make_bare_episode()
    plan(episode)
    work(episode)
    steps.ran.clear()
    steps.change("cut", version="2")
    plan(episode)
    work(episode)
    assert steps.ran == ["cut", "join"]
    assert Job.objects.filter(episode=episode, is_current=True).count() == 4


def test_a_changed_option_or_input_plans_only_what_depends_on_it(steps: FakeSteps) -> None:
    episode = make_bare_episode(language="zh")
    plan(episode)
    work(episode)
    assert Job.objects.get(name="read").parameters == {"count": 3, "language": "zh"}
    steps.ran.clear()
    episode.subtitles_sha256 = "1" * 64
    episode.save()
    plan(episode)
    work(episode)
    assert steps.ran == ["read", "cut", "join"]


def test_going_back_to_an_earlier_version_uses_the_facts_that_are_there(steps: FakeSteps) -> None:
    episode = make_bare_episode()
    first = plan(episode)
    work(episode)
    steps.change("cut", version="2")
    plan(episode)
    work(episode)
    steps.ran.clear()
    steps.change("cut", version="1")
    plan(episode)
    work(episode)
    assert steps.ran == []
    assert set(Job.objects.filter(is_current=True)) == set(first)


def test_only_what_is_asked_for_and_all_it_needs_is_planned(steps: FakeSteps) -> None:
    assert [job.name for job in plan(make_bare_episode(), only=["cut"])] == ["read", "cut"]


def test_a_step_that_is_not_there_is_named_with_those_that_are(steps: FakeSteps) -> None:
    with pytest.raises(AnalysisError, match="no step dance; steps are read, cut, join, other"):
        with_needs(["dance", "read"])
    with pytest.raises(CommandError, match="no step dance"):
        call_command("analyse", "1", only="dance")


def test_a_job_that_is_delivered_twice_runs_once(steps: FakeSteps, media_root: Path) -> None:
    episode = make_bare_episode()
    job = plan(episode, only=["read"])[0]
    run_job(job.pk)
    run_job(job.pk)
    assert steps.ran == ["read"]
    done = Job.objects.get(pk=job.pk)
    assert (done.status, done.attempt, done.figures, done.progress) == ("done", 1, {"found": "found"}, 100)
    assert (media_root / episode.folder / f"read-{done.key[:12]}" / "made.txt").read_text() == "read"
    assert folders(media_root) == ["read"]


def test_a_job_whose_needs_are_not_done_does_not_run(steps: FakeSteps) -> None:
    jobs = plan(make_bare_episode())
    run_job(jobs[1].pk)
    assert steps.ran == []
    assert Job.objects.get(pk=jobs[1].pk).attempt == 0


def test_a_job_that_is_not_there_does_no_harm(db: None) -> None:
    run_job(10**9)


def test_a_step_that_breaks_leaves_no_facts_and_no_folder(steps: FakeSteps, media_root: Path, settings: Any) -> None:
    def broken(_context: StepContext) -> None:
        raise ZeroDivisionError("division by zero")

    settings.JOB_ATTEMPTS = 1
    episode = make_bare_episode()
    steps.during = broken
    jobs = plan(episode)
    with pytest.raises(ZeroDivisionError):  # Celery is told as well
        run_job(jobs[0].pk)
    failed = Job.objects.get(pk=jobs[0].pk)
    assert (failed.status, failed.error_code) == ("failed", "crashed")
    assert failed.error == (
        "The step “read” broke: ZeroDivisionError: division by zero. The worker's log has more. It was tried 1 times."
    )
    assert not Shot.objects.exists()
    assert folders(media_root) == []
    assert statuses(episode) == {"read": "failed", "cut": "failed", "join": "failed", "other": "waiting"}


def test_facts_that_cannot_be_stored_are_not_stored_in_part(steps: FakeSteps) -> None:
    def broken(_context: StepContext) -> None:
        raise ValueError("no")

    steps.after_publish = broken
    job = plan(make_bare_episode())[0]
    with pytest.raises(ValueError, match="no"):
        run_job(job.pk)
    assert not Shot.objects.exists()
    assert not Job.objects.filter(is_current=True).exists()
    steps.after_publish = lambda _context: None
    services.retry([Job.objects.get(pk=job.pk)])
    run_job(job.pk)
    assert Shot.objects.count() == 1


def test_a_refusal_of_an_analyser_is_the_reason_in_the_row(steps: FakeSteps) -> None:
    def refuse(_context: StepContext) -> None:
        raise AnalysisError("too_dark", "The picture is black throughout.")

    steps.during = refuse
    episode = make_bare_episode()
    job = plan(episode)[0]
    run_job(job.pk)
    failed = Job.objects.get(pk=job.pk)
    assert (failed.error_code, failed.error) == ("too_dark", "The picture is black throughout.")
    assert analysis_progress(newest_jobs([episode])[episode.pk]).status == "failed"


def test_a_worker_that_lost_its_job_stops_and_leaves_the_other_ones_facts(steps: FakeSteps, media_root: Path) -> None:
    episode = make_bare_episode()
    job = plan(episode)[0]

    def overtaken(context: StepContext) -> None:
        steps.during = lambda _context: None
        Job.objects.filter(pk=job.pk).update(leased_until="2020-01-01T00:00:00Z")
        run_job(job.pk)  # another worker takes it over and finishes
        assert Job.objects.get(pk=job.pk).status == "done"

    steps.during = overtaken
    run_job(job.pk)
    assert steps.ran == ["read"]
    assert Job.objects.get(pk=job.pk).attempt == 2
    assert Shot.objects.count() == 1
    assert folders(media_root) == ["read"]
    assert (media_root / episode.folder / f"read-{job.key[:12]}" / "made.txt").is_file()


def test_asking_for_an_analysis_twice_is_one_plan(steps: FakeSteps) -> None:
    episode = make_bare_episode()
    assert plan_analysis(episode) == plan_analysis(episode)
    work(episode)
    assert statuses(episode) == dict.fromkeys(("read", "cut", "join", "other"), "done")


def test_a_step_that_failed_is_tried_again_and_what_needs_it_with_it(steps: FakeSteps) -> None:
    def refuse(_context: StepContext) -> None:
        raise AnalysisError("x", "x")

    episode = make_bare_episode()
    steps.during = refuse
    plan_analysis(episode)
    work(episode)
    assert set(statuses(episode).values()) == {"failed"}
    steps.during = lambda _context: None
    plan_analysis(episode)
    work(episode)
    assert set(statuses(episode).values()) == {"done"}


def test_what_is_planned_behind_a_step_that_fails_does_not_wait_for_ever(steps: FakeSteps) -> None:
    def refuse(_context: StepContext) -> None:
        raise AnalysisError("x", "x")

    episode = make_bare_episode()
    steps.during = refuse
    plan_analysis(episode, only=["read"])
    work(episode)
    plan_analysis(episode)  # “read” is tried again and fails before the rest is planned
    work(episode)
    assert statuses(episode) == {"read": "failed", "cut": "failed", "join": "failed", "other": "failed"}


def test_facts_stay_in_the_document_while_newer_ones_are_made(db: None) -> None:
    episode = make_episode()
    shots = Job.objects.get(episode=episode, name="shots")
    Job.objects.create(kind="analysis", name="shots", key="new", version="2", episode=episode, parameters={})
    assert len(facts_document(episode)["shots"]) == 2
    shots.delete()
    assert facts_document(episode)["shots"] is None


def test_every_step_of_the_real_pipeline_stands_after_all_it_needs() -> None:
    seen: set[str] = set()
    for step in pipeline.STEPS.values():
        assert set(step.needs) <= seen
        assert step.version
        seen.add(step.name)


def test_a_real_episode_is_analysed_as_far_as_the_picture_goes(db: None, tmp_path: Path, media_root: Path) -> None:
    video = make_video(tmp_path / "a.mp4", seconds=2)
    (tmp_path / "a.srt").write_text("1\n00:00:00,200 --> 00:00:01,400\nHello.\n")
    episode = import_episode(video, series="S", title="T", subtitles=tmp_path / "a.srt").episode
    call_command("analyse", str(episode.pk), only="shots,segments", here=True)
    proxy = Proxy.objects.get()
    assert (media_root / proxy.video).is_file()
    assert (media_root / proxy.poster).is_file()
    for spans in (Shot.objects.all(), Segment.objects.all()):
        ends = [0, *spans.values_list("end_ms", flat=True)]
        assert ends[:-1] == list(spans.values_list("start_ms", flat=True))
        assert ends[-1] == proxy.duration_ms
    assert folders(media_root) == ["proxy", "source.mp4", "subtitles.srt"]
    before = list(Job.objects.filter(kind="analysis").values())
    call_command("analyse", str(episode.pk), only="shots,segments", here=True)
    assert list(Job.objects.filter(kind="analysis").values()) == before


def test_a_source_that_broke_after_its_import_fails_with_a_reason(db: None, tmp_path: Path, media_root: Path) -> None:
    episode = import_episode(make_video(tmp_path / "a.mp4"), series="S", title="T").episode
    (media_root / episode.source).write_bytes(b"broken")
    with pytest.raises(CommandError) as error:
        call_command("analyse", str(episode.pk), only="shots", here=True)
    assert "shots: It needs “proxy”, which failed." in str(error.value)
    proxy = Job.objects.get(name="proxy")
    assert proxy.error_code != "crashed"
    assert proxy.error in str(error.value)
    assert not Proxy.objects.exists()
    assert folders(media_root) == ["source.mp4"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_has_a_name_for_people(language: str) -> None:
    words = Path("annotation_ui/src/i18n", language, "analysis.ts").read_text(encoding="utf-8")
    assert [name for name in pipeline.STEPS if f"\n      {name}: " not in words] == []


#: Who ends jobs with a code; what is refused at an import, or asked in a command, ends none.
ENDING_JOBS = ("workers/analysers/**/*.py", "workers/nets/*.py", "workers/steps/*.py", "workers/failures.py")


def codes_of_failures() -> set[str]:
    codes = {pipeline.PROXY_DAMAGED, "needs_failed", "worker_lost"}
    for pattern in ENDING_JOBS:
        for path in Path().glob(pattern):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("AnalysisError", "Failure"):
                    codes |= {word.value for word in call.args[:1] if isinstance(word, ast.Constant)}
    return codes


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_to_fail_has_words_for_people(language: str) -> None:
    words = Path("annotation_ui/src/i18n", language, "analysis.ts").read_text(encoding="utf-8")
    codes = codes_of_failures()
    assert {"disk_full", "video_unreadable", "weights_missing"} <= codes
    assert [code for code in sorted(codes) if f"\n      {code}: " not in words] == []
