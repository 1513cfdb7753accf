"""The time an analysis still takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import make_bare_episode, make_episode, make_job, make_user
from webapp.accounts.models import User
from webapp.corpus.time_left import Pace, known_paces, of_one
from webapp.jobs.models import Job

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE_MS = 60_000


def job(
    pk: int, name: str, status: str = "waiting", *, ran_s: float = 0, progress: int = 0, kind: str = "analysis"
) -> Job:
    started = NOW - timedelta(seconds=ran_s) if status == "running" else None
    return Job(pk=pk, name=name, status=status, started_at=started, progress=progress, kind=kind)  # fmt: skip


PACES = {
    "proxy": Pace(0.1),
    "shots": Pace(0.5),
    "faces": Pace(0.5, rides_with=frozenset({"shots"})),
    "alignment": Pace(0.25),
}


@pytest.mark.parametrize(
    ("running", "seconds"),
    [
        (job(1, "shots", "running", ran_s=10, progress=25), 30),
        (job(1, "shots", "running", ran_s=10, progress=99), 1),
        (job(1, "shots", "running", ran_s=1, progress=50), 29),
        (job(1, "shots", "running", ran_s=10, progress=0), 20),
        (job(1, "shots", "running", ran_s=100, progress=0), 1),
    ],
    ids=["own rate", "nearly done", "too early to trust", "no report yet", "slower than ever"],
)
def test_a_running_step_goes_by_its_own_rate_once_that_is_known(running: Job, seconds: int) -> None:
    assert of_one([running], MINUTE_MS, PACES, now=NOW).jobs == {1: seconds}


def test_waiting_steps_come_one_after_the_other_and_a_shared_pass_counts_once() -> None:
    jobs = [job(1, "shots"), job(2, "faces"), job(3, "alignment")]
    left = of_one(jobs, MINUTE_MS, PACES, now=NOW)
    assert left.jobs == {1: 30, 2: 30, 3: 15}
    assert left.episode == 45


def test_a_step_whose_pass_is_over_takes_its_own_time() -> None:
    assert of_one([job(1, "shots", "done"), job(2, "faces")], MINUTE_MS, PACES, now=NOW).episode == 30


def test_steps_that_run_side_by_side_end_with_the_slowest() -> None:
    jobs = [
        job(1, "shots", "running", ran_s=10, progress=50),
        job(2, "faces", "running", ran_s=10, progress=25),
        job(3, "alignment"),
    ]
    assert of_one(jobs, MINUTE_MS, PACES, now=NOW).episode == 30 + 15


@pytest.mark.parametrize(
    ("jobs", "duration_ms"),
    [
        ([job(1, "new step")], MINUTE_MS),
        ([job(1, "shots")], None),
        ([job(1, "shots"), job(2, "plan", kind="plan")], MINUTE_MS),
    ],
    ids=["never done", "length not known", "not planned yet"],
)
def test_what_is_not_known_is_not_guessed(jobs: list[Job], duration_ms: int | None) -> None:
    assert of_one(jobs, duration_ms, PACES, now=NOW).episode is None


def test_what_ended_takes_no_time() -> None:
    jobs = [job(1, "shots", "done"), job(2, "faces", "failed"), job(3, "alignment", "cancelled")]
    assert of_one(jobs, MINUTE_MS, PACES, now=NOW) == of_one([], MINUTE_MS, {}, now=NOW)


@pytest.mark.django_db
def test_the_pace_of_a_step_is_the_median_of_its_done_jobs() -> None:
    Job.objects.all().delete()
    for took_s in (6, 12, 600):
        episode = make_episode(duration_ms=MINUTE_MS)
        shots = Job.objects.get(episode=episode, name="shots")
        for one in (shots, Job.objects.get(episode=episode, name="faces")):
            one.started_at, one.finished_at = NOW, NOW + timedelta(seconds=took_s)
            one.beside = shots if one != shots else None
            one.save()
    paces = known_paces()
    assert paces["shots"] == Pace(0.2)
    assert paces["faces"] == Pace(0.2, rides_with=frozenset({"shots"}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("newest", "rides_with"), [("copied", frozenset({"shots"})), ("encoded", frozenset({"shots", "proxy"}))]
)
def test_what_was_seen_while_a_proxy_was_encoded_says_not_how_long_a_pass_takes(
    newest: str, rides_with: frozenset[str]
) -> None:
    Job.objects.all().delete()
    for number, (how, took_s) in enumerate((("copied", 12), ("encoded", 0), ("encoded", 0), (newest, 12))):
        episode = make_episode(duration_ms=MINUTE_MS)
        proxy, shots, faces = (Job.objects.get(episode=episode, name=name) for name in ("proxy", "shots", "faces"))
        for one, beside in ((shots, None), (faces, shots)):
            one.beside = proxy if how == "encoded" else beside
            one.started_at = NOW + timedelta(hours=number)
            one.finished_at = one.started_at + timedelta(seconds=took_s)
            one.save()
    assert known_paces()["faces"] == Pace(0.2, rides_with)


def test_a_step_that_is_seen_while_the_proxy_is_encoded_costs_no_more() -> None:
    paces = PACES | {"shots": Pace(0.5, rides_with=frozenset({"proxy"}))}
    jobs = [job(1, "proxy", "running", ran_s=10, progress=50), job(2, "shots"), job(3, "alignment")]
    assert of_one(jobs, MINUTE_MS, paces, now=NOW).episode == 10 + 15


@pytest.mark.django_db
def test_the_time_left_is_served(as_user: Callable[[User], APIClient]) -> None:
    make_episode()
    episode = make_episode(duration_ms=MINUTE_MS)
    make_job("shots", episode=episode, version="2")
    Job.objects.filter(status="done").update(started_at=NOW, finished_at=NOW + timedelta(seconds=30))
    answer = as_user(make_user(admin=True)).get(f"/api/episodes/{episode.pk}/").json()
    assert answer["analysis"]["estimate_s"] == 30
    assert {one["analyser"]: one["estimate_s"] for one in answer["jobs"]}["shots"] == 30


@pytest.mark.django_db
def test_cancelling_over_http_twice_is_cancelling_once(as_user: Callable[[User], APIClient]) -> None:
    episode = make_bare_episode()
    make_job("shots", episode=episode)
    admin = as_user(make_user(admin=True))
    for _ in range(2):
        answer = admin.post(f"/api/episodes/{episode.pk}/cancel/")
        assert answer.status_code == 200
        assert answer.json()["analysis"]["status"] == "cancelled"
    assert admin.post("/api/episodes/999999/cancel/").status_code == 404
