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
from webapp.annotation.models import Assignment, Clip, ClipSuggestion, Project, StateRevision, Task
from webapp.annotation.services.suggesting import (
    NewSuggestion,
    clips_to_prelabel,
    give_hardest_first,
    keep_suggestions,
    prelabelling_jobs,
    set_prelabeller,
    show_suggestions,
    start_prelabelling,
)
from webapp.annotation.services.turns import take_next, upcoming
from webapp.annotation.suggestions import entropy, mean_of, suggestions_for
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


# --- what the model is unsure of


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        pytest.param([("joy", 1.0), ("fear", 0.0)], 0.0, id="sure"),
        pytest.param([("joy", 0.5), ("fear", 0.5)], 1.0, id="all the same"),
        pytest.param([("joy", 0.5), ("fear", 0.5), ("anger", 0.0), ("trust", 0.0)], 0.5, id="two of four"),
        pytest.param([("joy", 1.0)], 0.0, id="nothing to choose from"),
        pytest.param([], 0.0, id="nothing said"),
    ],
)
def test_entropy_is_a_share_of_the_largest_possible(shares: list[tuple[str, float]], wanted: float) -> None:
    assert entropy(shares) == pytest.approx(wanted)


def say(project: Project, clip: Clip, *shares: float, source: str = "") -> None:
    """Let the project's pre-labeller say joy with these shares, else fear: one for each main character."""
    people = clip.episode.series.characters.order_by("order")
    found = [
        NewSuggestion(clip.pk, person.pk, (("joy", share), ("fear", 1 - share)))
        for person, share in zip(people, shares, strict=False)
    ]
    keep_suggestions(project=project, found=found)
    if source:
        ClipSuggestion.objects.filter(clip=clip).update(source=source)


def four_clips() -> tuple[Project, list[Clip], list[Any]]:
    """A project of two annotators; its clips are given out in the order of their making."""
    project, people = labelled_project(
        times_ms=(10_000, 30_000, 50_000, 70_000), k=2, episodes=[make_episode(duration_ms=90_000)]
    )
    Project.objects.filter(pk=project.pk).update(prelabeller="amer")
    project.refresh_from_db()
    return project, list(project.clips.order_by("start_ms")), people


def order_for(project: Project, user: Any) -> list[int]:
    """The clips an annotator is given, one after the other."""
    given = []
    while (turn := take_next(project=project, user=user, kind=Task.Kind.STATES)) is not None:
        given.append(turn.task.clip_id or 0)
        Assignment.objects.filter(pk=turn.pk).update(status=Assignment.Status.DONE)
    return given


def test_clips_come_in_order_unless_the_unsure_ones_are_asked_for_first() -> None:
    project, (first, second, third, fourth), (anna, ben) = four_clips()
    say(project, first, 0.99, 0.98)
    say(project, second, 0.99, 0.55)  # of the least sure person
    say(project, third, 0.8, 0.8)
    say(project, fourth, 0.5, 0.5, source="baseline:older")  # of a model that is the project's no more
    give_hardest_first(project=project, first=True)
    next_one = upcoming(project=project, user=anna, kind=Task.Kind.STATES)
    assert next_one is not None
    assert next_one.clip_id == second.pk  # what is fetched ahead is what is given
    assert order_for(project, anna) == [clip.pk for clip in (second, third, first, fourth)]
    give_hardest_first(project=project, first=False)
    assert order_for(project, ben) == [clip.pk for clip in (first, second, third, fourth)]


def test_clips_that_somebody_has_begun_still_come_first() -> None:
    project, (first, second, *_), (anna, ben) = four_clips()
    say(project, first, 0.99)
    say(project, second, 0.5)
    begun = take_next(project=project, user=anna, kind=Task.Kind.STATES)
    assert begun is not None
    assert begun.task.clip_id == first.pk
    give_hardest_first(project=project, first=True)
    assert order_for(project, ben)[:2] == [first.pk, second.pk]


def test_suggestions_of_several_people_do_not_use_up_the_answers_a_clip_wants() -> None:
    """The join over suggestions must not count an answer once per suggestion."""
    project, (first, *_), (anna, ben) = four_clips()
    say(project, first, 0.5, 0.5)
    give_hardest_first(project=project, first=True)
    assert order_for(project, anna)[0] == first.pk
    assert order_for(project, ben)[0] == first.pk
    assert order_for(project, make_user("late")) == []


def test_admins_decide_the_order_in_the_settings() -> None:
    project, _, (anna, _) = four_clips()
    address = f"/api/projects/{project.pk}/settings/"
    answer = client_of(make_user("boss", admin=True)).patch(address, {"hardest_first": True}, format="json")
    assert answer.status_code == 200
    assert answer.data["hardest_first"] is True
    project.refresh_from_db()
    assert project.hardest_first
    assert client_of(anna).patch(address, {"hardest_first": False}, format="json").status_code == 403
