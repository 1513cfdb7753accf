"""Suggestions: whose and which are shown, that nobody sees them unasked, and what is kept of what was seen."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.factories import (
    clip_of,
    done_job,
    held_turn,
    labelled_project,
    make_episode,
    make_project,
    make_user,
    mark_moments,
)
from webapp.annotation.models import Clip, ClipSuggestion, Project, StateRevision, Task
from webapp.annotation.services.suggesting import (
    NewSuggestion,
    clips_to_prelabel,
    keep_suggestions,
    prelabelling_jobs,
    set_prelabeller,
    show_suggestions,
    start_prelabelling,
)
from webapp.annotation.suggestions import mean_of, suggestions_for
from webapp.corpus.facts_document import facts_document
from webapp.corpus.models import EmotionSuggestion, Identity
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def face_shows(clip: Clip, person: int, start_ms: int, looks: int, **shares: float) -> None:
    """Add what the face of the person with this number shows in the segment that starts here."""
    episode = clip.episode
    job = Job.objects.filter(episode=episode, name="suggestions").first() or done_job("suggestions", episode)
    EmotionSuggestion.objects.create(
        job=job,
        index=EmotionSuggestion.objects.filter(job=job).count(),
        identity=Identity.objects.current_for(episode).get(index=person),
        start_ms=start_ms,
        end_ms=start_ms + 4_000,
        source="expression",
        probabilities=[list(pair) for pair in shares.items()],
        looks=looks,
    )


def shown(clip: Clip) -> list[tuple[str, str, float, str]]:
    names = dict(clip.episode.series.characters.values_list("pk", "name"))
    found = suggestions_for(clip)
    return [(names[one.character], one.emotion, round(one.probability, 4), one.source) for one in found]


def test_the_two_likeliest_of_a_face_over_the_clip_are_offered() -> None:
    project, _ = labelled_project()
    clip = clip_of(project)
    face_shows(clip, 0, clip.start_ms, 1, joy=0.9, neutral=0.1)
    face_shows(clip, 0, clip.start_ms + 4_000, 3, sadness=0.6, joy=0.3, neutral=0.1)
    face_shows(clip, 0, clip.end_ms, 50, anger=1.0)  # not in the clip any more
    assert shown(clip) == [("Rachel", "joy", 0.45, "expression"), ("Rachel", "sadness", 0.45, "expression")]


def test_a_face_that_is_nobodys_and_an_older_analysis_suggest_nothing() -> None:
    project, _ = labelled_project()
    clip = clip_of(project)
    face_shows(clip, 0, clip.start_ms, 1, joy=1.0)
    face_shows(clip, 1, clip.start_ms, 1, anger=1.0)
    Identity.objects.current_for(clip.episode).filter(index=0).update(character=None)
    assert shown(clip) == [("Joanna", "anger", 1.0, "expression")]
    Job.objects.filter(episode=clip.episode, name="suggestions").update(is_current=False)
    assert shown(clip) == []


def test_the_facts_of_an_episode_hold_what_faces_show() -> None:
    project, _ = labelled_project()
    clip = clip_of(project)
    assert facts_document(clip.episode)["suggestions"] is None
    face_shows(clip, 1, 4_000, 2, joy=0.9, neutral=0.1)
    assert facts_document(clip.episode)["suggestions"] == [
        {
            "index": 0,
            "start_ms": 4_000,
            "end_ms": 8_000,
            "source": "expression",
            "probabilities": [["joy", 0.9], ["neutral", 0.1]],
            "looks": 2,
            "identity": 1,
        }
    ]


def test_the_trained_model_goes_before_the_face_of_the_same_character_only() -> None:
    project, _ = labelled_project()
    clip = clip_of(project)
    rachel = clip.episode.series.characters.get(name="Rachel")
    for person in (0, 1):
        face_shows(clip, person, clip.start_ms, 1, joy=1.0)
    set_prelabeller(project=project, name="amer", folder="prelabellers/x")
    keep_suggestions(
        project=project, found=[NewSuggestion(clip.pk, rachel.pk, (("fear", 0.7), ("trust", 0.2), ("joy", 0.1)))]
    )
    assert shown(Clip.objects.get(pk=clip.pk)) == [
        ("Rachel", "fear", 0.7, "baseline:amer"),
        ("Rachel", "trust", 0.2, "baseline:amer"),
        ("Joanna", "joy", 1.0, "expression"),
    ]


shares = st.dictionaries(st.sampled_from(("joy", "fear", "neutral")), st.floats(0, 1), min_size=1)


@given(st.lists(st.tuples(st.integers(1, 9), shares), min_size=1))
def test_a_mean_lies_between_what_it_is_the_mean_of(parts: list[tuple[int, dict[str, float]]]) -> None:
    for emotion, mean in mean_of(parts).items():
        each = [of.get(emotion, 0.0) for _, of in parts]
        assert min(each) - 1e-9 <= mean <= max(each) + 1e-9


def test_suggestions_are_off_until_an_admin_turns_them_on() -> None:
    project, (anna,) = labelled_project()
    face_shows(clip_of(project), 0, clip_of(project).start_ms, 1, joy=1.0)
    turn = held_turn(project, anna, Task.Kind.STATES)
    client, url = client_of(anna), f"/api/assignments/{turn.pk}/"
    assert client.get(url).json()["suggestions"] == []
    admin = client_of(make_user(admin=True))
    answer = admin.patch(f"/api/projects/{project.pk}/settings/", {"shows_suggestions": True}, format="json")
    assert (
        answer.json().items()
        >= {
            "shows_suggestions": True,
            "prelabeller": "",
            "prelabelling": None,
            "prelabelling_error": "",
        }.items()
    )
    (one,) = client.get(url).json()["suggestions"]
    assert (one["emotion"], one["probability"], one["origin"]) == ("joy", 1.0, "expression")


def test_only_admins_see_and_change_the_settings() -> None:
    project, (anna,) = labelled_project()
    url = f"/api/projects/{project.pk}/settings/"
    assert client_of(anna).get(url).status_code == 403
    assert client_of(anna).patch(url, {"shows_suggestions": True}, format="json").status_code == 403
    assert client_of(make_user(admin=True)).patch(url, {"shows_suggestions": "?"}, format="json").status_code == 400
    project.refresh_from_db()
    assert project.shows_suggestions is False


def test_settings_say_why_the_pre_labeller_failed() -> None:
    project, _ = labelled_project()
    job = set_prelabeller(project=project, name="amer", folder="prelabellers/x")
    assert job is not None
    Job.objects.filter(pk=job.pk).update(status=Job.Status.FAILED, error="The features do not fit.")
    answer = client_of(make_user(admin=True)).get(f"/api/projects/{project.pk}/settings/").json()
    assert (answer["prelabeller"], answer["prelabelling"]) == ("amer", "failed")
    assert answer["prelabelling_error"] == "The features do not fit."


def answer_with(turn: Any, seen: list[Any]) -> Any:
    character = turn.task.episode.series.characters.get(name="Rachel")
    body = {"client_id": str(uuid4()), "character": character.pk, "status": "no_emotion", "suggestions_seen": seen}
    return client_of(turn.annotator).post(f"/api/assignments/{turn.pk}/states/", body, format="json")


def test_what_was_on_screen_is_kept_with_the_answer() -> None:
    project, (anna,) = labelled_project()
    turn = held_turn(project, anna, Task.Kind.STATES)
    seen = {"character": 1, "emotion": "joy", "probability": 0.5, "origin": "baseline:amer-2"}
    assert answer_with(turn, [seen]).status_code == 201
    assert answer_with(turn, []).status_code == 201
    kept = list(StateRevision.objects.order_by("pk").values_list("prelabel", flat=True))
    assert kept == [{"seen": [{"emotion": "joy", "probability": 0.5, "source": "baseline:amer-2"}]}, None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"emotion": "bliss"},
        {"probability": 1.5},
        {"probability": "nan"},
        {"origin": "somebody"},
        {"origin": "baseline:a b"},
        {"origin": "baseline:" + "x" * 61},
    ],
)
def test_what_no_server_ever_showed_is_refused(wrong: dict[str, Any]) -> None:
    project, (anna,) = labelled_project()
    turn = held_turn(project, anna, Task.Kind.STATES)
    seen = {"character": 1, "emotion": "joy", "probability": 0.5, "origin": "expression"} | wrong
    assert answer_with(turn, [seen]).status_code == 400
    assert not StateRevision.objects.exists()


def test_a_new_pre_labeller_takes_the_place_of_the_old_one() -> None:
    project, _ = labelled_project()
    clip = clip_of(project)
    rachel = clip.episode.series.characters.get(name="Rachel")
    set_prelabeller(project=project, name="old", folder="prelabellers/old")
    assert clips_to_prelabel(project) == [clip.pk]
    said = [NewSuggestion(clip.pk, rachel.pk, (("joy", 1.0),))]
    assert keep_suggestions(project=project, found=said) == 1
    assert clips_to_prelabel(project) == []
    assert keep_suggestions(project=project, found=[NewSuggestion(clip.pk, rachel.pk, (("fear", 1.0),))]) == 1
    assert ClipSuggestion.objects.get().probabilities == [["fear", 1.0]], "said again, it takes the place"
    set_prelabeller(project=project, name="new", folder="prelabellers/new")
    assert clips_to_prelabel(project) == [clip.pk]
    assert set_prelabeller(project=project, name="", folder="") is None
    assert not ClipSuggestion.objects.exists()


def test_new_clips_are_sent_to_the_pre_labeller_once() -> None:
    anna = make_user()
    project = make_project(episodes=[make_episode(), make_episode()], annotators=[anna], k=1)
    mark_moments(project, anna, 10_000)
    assert not prelabelling_jobs(project).exists(), "without a pre-labeller nothing is asked"
    asked = set_prelabeller(project=project, name="amer", folder="prelabellers/x")
    mark_moments(Project.objects.get(pk=project.pk), anna, 20_000)
    assert list(prelabelling_jobs(project)) == [asked], "one that waits will see the new clips too"
    Job.objects.filter(pk=asked.pk).update(status=Job.Status.DONE)
    again = start_prelabelling(project=project)
    assert again is not None
    assert again.pk != asked.pk


def test_turning_suggestions_off_again_hides_them() -> None:
    project, (anna,) = labelled_project()
    face_shows(clip_of(project), 0, clip_of(project).start_ms, 1, joy=1.0)
    turn = held_turn(project, anna, Task.Kind.STATES)
    show_suggestions(project=project, shown=True)
    show_suggestions(project=project, shown=False)
    assert client_of(anna).get(f"/api/assignments/{turn.pk}/").json()["suggestions"] == []
