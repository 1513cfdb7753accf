"""Jobs that are claimed together, because one pass over the video does them all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.webapp.factories import make_bare_episode, make_job, running_job
from tests.webapp.threads import at_once
from webapp.corpus.models import Episode
from webapp.jobs.models import Job

LEASE = timedelta(seconds=60)
TOGETHER = ("shots", "subtitles", "faces")


def claimed(job: Job, worker: str = "here:1") -> Job:
    held = Job.objects.claim(job.pk, now=timezone.now(), lease=LEASE, worker=worker)
    assert held is not None
    return held


def group_of(job: Job) -> list[Job]:
    return Job.objects.claim_group(job, TOGETHER, now=timezone.now(), lease=LEASE)


def picture_jobs(episode: Episode) -> dict[str, Job]:
    proxy = make_job("proxy", episode=episode, status="done")
    shots = make_job("shots", episode=episode, needs=[proxy])
    subtitles = make_job("subtitles", episode=episode, needs=[proxy])
    faces = make_job("faces", episode=episode, needs=[proxy, shots])
    return {"proxy": proxy, "shots": shots, "subtitles": subtitles, "faces": faces}


@pytest.mark.django_db
def test_what_needs_only_members_of_the_group_joins_it_behind_them() -> None:
    jobs = picture_jobs(make_bare_episode())
    casting = make_job("casting", episode=jobs["shots"].episode, needs=[jobs["faces"]])
    group = group_of(claimed(jobs["shots"]))
    assert [job.name for job in group] == ["shots", "subtitles", "faces"]
    for job in group:
        row = Job.objects.get(pk=job.pk)
        assert (row.status, row.attempt, row.worker) == ("running", 1, "here:1")
        assert row.leased_until is not None
    assert [job.beside_id for job in group] == [None, jobs["shots"].pk, jobs["shots"].pk]
    assert Job.objects.get(pk=casting.pk).status == "waiting"


@pytest.mark.django_db
def test_a_job_that_needs_something_outside_of_the_group_stays_out() -> None:
    jobs = picture_jobs(make_bare_episode())
    assert [job.name for job in group_of(claimed(jobs["subtitles"]))] == ["subtitles", "shots", "faces"]

    other = picture_jobs(make_bare_episode())
    other["faces"].needs.add(make_job("casting", episode=other["faces"].episode))
    assert [job.name for job in group_of(claimed(other["shots"]))] == ["shots", "subtitles"]


@pytest.mark.django_db
def test_only_waiting_jobs_of_the_same_episode_join() -> None:
    jobs = picture_jobs(make_bare_episode())
    picture_jobs(make_bare_episode())
    Job.objects.filter(pk=jobs["subtitles"].pk).update(status="done")
    later = timezone.now() + timedelta(minutes=1)
    Job.objects.filter(pk=jobs["faces"].pk).update(not_before=later)
    assert [job.name for job in group_of(claimed(jobs["shots"]))] == ["shots"]


@pytest.mark.django_db
def test_a_member_whose_worker_was_lost_joins_again() -> None:
    jobs = picture_jobs(make_bare_episode())
    episode = jobs["shots"].episode
    Job.objects.filter(pk=jobs["faces"].pk).delete()
    lost = running_job("faces", seconds_left=-1, episode=episode, needs=[jobs["shots"]])
    group = group_of(claimed(jobs["shots"]))
    assert [(job.name, job.attempt) for job in group if job.pk == lost.pk] == [("faces", 2)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_get_the_same_member() -> None:
    jobs = picture_jobs(make_bare_episode())
    first, second = claimed(jobs["shots"], "here:1"), claimed(jobs["subtitles"], "here:2")
    groups = at_once(2, lambda number: group_of((first, second)[number]))
    names = [job.name for group in groups for job in group]
    assert sorted(names) == ["faces", "shots", "subtitles"]
    assert "faces" in [job.name for job in groups[0]], "only who holds the shots can find the faces in the same pass"
