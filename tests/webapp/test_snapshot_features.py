"""A release takes the features that were made on the segments of its clips, also after the dialogue was corrected."""

from __future__ import annotations

import pytest

from tests.webapp.factories import done_job, labelled_project
from webapp.annotation.models import Clip
from webapp.corpus.models import Features
from webapp.jobs.models import Job
from webapp.quality.snapshot import project_snapshot


@pytest.mark.django_db
def test_features_belong_to_the_segments_of_the_clips() -> None:
    project, _ = labelled_project()
    episode = project.episodes.get()
    clip = Clip.objects.filter(project=project)[0]
    Job.objects.filter(episode=episode, name="features").update(is_current=False)
    on_clips = done_job("features", episode, [clip.segmentation])
    Features.objects.create(job=on_clips, path="old.npz", sha256="1" * 64)
    Job.objects.filter(pk=on_clips.pk).update(is_current=False)
    Job.objects.filter(pk=clip.segmentation_id).update(is_current=False)
    newer = done_job("features", episode, [done_job("segments", episode)])
    Features.objects.create(job=newer, path="new.npz", sha256="2" * 64)
    (row,) = project_snapshot(project).episodes
    assert (row.features_path, row.features_sha256) == ("old.npz", "1" * 64)
    assert len(row.segments) == 15, "and so do its segments"
    Features.objects.filter(path="old.npz").delete()
    assert project_snapshot(project).episodes[0].features_path == "new.npz"
