"""Corrections of the dialogue: kept once, never overwritten, and found again in a newer analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.factories import make_episode, make_user
from webapp.accounts.models import User
from webapp.corpus.corrections import Correction, Line, attach
from webapp.corpus.models import DialogueCorrection, Episode, Utterance
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job

AsUser = Callable[[User], APIClient]


def line(start_ms: int, text: str, end_ms: int = 0, speaker: str = "") -> Line:
    return Line(start_ms, end_ms or start_ms + 1000, text, speaker)


def fix(anchor: Line) -> dict[str, Correction]:
    return {anchor.key: Correction(anchor, anchor)}


@pytest.mark.parametrize(
    ("anchor", "found", "expected"),
    [
        (line(1000, "We were on a break!"), line(1000, "We were on a break!"), True),
        (line(1000, "We were on a break!"), line(3400, "We were on a brake"), True),
        (line(1000, "Yeah."), line(1200, "Yes."), True),
        (line(1000, "Yeah."), line(1200, "Hello there"), False),
        (line(1000, "Line 0."), line(5000, "Line 1."), False),
        (line(1000, "Yeah."), line(9000, "Yeah."), False),
        (line(1000, "We were on a break!"), line(31_000, "we were on a break"), True),
        (line(1000, "We were on a break!"), line(71_000, "We were on a break!"), False),
    ],
    ids=[
        "unchanged",
        "near, a typo",
        "same time, similar",
        "same time, other words",
        "near, alike",
        "far, short",
        "far",
        "too far",
    ],
)
def test_a_correction_goes_to_the_line_it_was_made_of(anchor: Line, found: Line, expected: bool) -> None:
    attached = attach([found], fix(anchor))
    assert bool(attached.of_line) is expected
    assert attached.lost == (() if expected else (anchor.key,))


def test_of_two_equal_lines_each_gets_its_own_correction() -> None:
    first, second = line(1000, "No."), line(2500, "No.")
    attached = attach([line(1100, "No."), line(2600, "No.")], fix(first) | fix(second))
    assert attached.of_line == {0: first.key, 1: second.key}


def test_a_line_that_somebody_added_hangs_on_nothing() -> None:
    heard = line(500, "Psst!")
    attached = attach([heard], {heard.key: Correction(heard, heard, added=True)})
    assert (attached.of_line, attached.lost) == ({}, ())


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(["No.", "Yes, I do.", "Go away now"])), max_size=8),
    st.integers(-400, 400),
)
def test_lines_found_a_little_elsewhere_lose_no_correction(rows: list[tuple[int, str]], shift: int) -> None:
    start, lines = 1000, []
    for gap, text in rows:
        lines.append(line(start, text))
        start += 1000 + gap
    moved = [line(one.start_ms + shift, one.text) for one in lines]
    attached = attach(moved, {one.key: Correction(one, one) for one in lines})
    assert attached.of_line == {place: one.key for place, one in enumerate(lines)}
    assert attached.lost == ()


@pytest.fixture
def episode(db: None) -> Episode:
    return make_episode()


@pytest.fixture
def admin(as_user: AsUser, db: None) -> APIClient:
    return as_user(make_user("ada", admin=True, first_name="Ada"))


def correction(anchor: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {"client_id": str(uuid4()), "anchor": anchor, "status": "said", **anchor}
    return body | changes


def first_line(client: APIClient, episode: Episode) -> dict[str, Any]:
    return client.get(f"/api/dialogues/{episode.pk}/").json()["lines"][0]


def send(client: APIClient, episode: Episode, body: dict[str, Any]) -> Any:
    return client.post(f"/api/dialogues/{episode.pk}/corrections/", body, format="json")


def test_a_corrected_line_is_shown_with_who_and_when_and_waits_for_the_segments(
    admin: APIClient, episode: Episode
) -> None:
    found = first_line(admin, episode)
    answer = send(admin, episode, correction(found["anchor"], text="Line none.", start_ms=150, speaker="Joanna"))
    assert answer.status_code == 201
    shown = admin.get(f"/api/dialogues/{episode.pk}/").json()
    now = shown["lines"][0]
    assert (now["text"], now["start_ms"], now["speaker"]) == ("Line none.", 150, "Joanna")
    assert (now["timing"], now["speaker_certain"], now["key"]) == ("checked", True, found["key"])
    assert now["corrected"]["author"] == "Ada"
    assert shown["pending"] is True
    assert len(shown["lines"]) == 15
    plan = Job.objects.get(kind="plan", episode=episode)
    assert plan.not_before is not None
    assert 50 < (plan.not_before - timezone.now()).total_seconds() <= 60


def test_corrections_are_only_added_and_the_newest_counts_until_it_is_withdrawn(
    admin: APIClient, episode: Episode
) -> None:
    anchor = first_line(admin, episode)["anchor"]
    send(admin, episode, correction(anchor, text="One."))
    send(admin, episode, correction(anchor, text="Two."))
    assert first_line(admin, episode)["text"] == "Two."
    send(admin, episode, correction(anchor, status="withdrawn"))
    back = first_line(admin, episode)
    assert (back["text"], back["timing"], back["corrected"]) == ("Line 0.", "aligned", None)
    assert list(DialogueCorrection.objects.values_list("text", flat=True)) == ["One.", "Two.", "Line 0."]


def test_the_same_client_id_twice_is_one_correction(admin: APIClient, episode: Episode) -> None:
    body = correction(first_line(admin, episode)["anchor"], text="Once.")
    assert send(admin, episode, body).json() == send(admin, episode, body | {"text": "Twice."}).json()
    row = DialogueCorrection.objects.get()
    assert row.text == "Once."
    with pytest.raises(IntegrityError), transaction.atomic():
        DialogueCorrection.objects.filter(pk=row.pk).update(start_ms=row.end_ms)


def test_a_line_nobody_says_stays_to_be_brought_back_and_one_that_was_missed_is_added(
    admin: APIClient, episode: Episode
) -> None:
    anchor = first_line(admin, episode)["anchor"]
    send(admin, episode, correction(anchor, status="not_spoken"))
    assert first_line(admin, episode)["removed"] is True
    heard = {"start_ms": 100, "end_ms": 900, "text": "Psst!", "speaker": ""}
    send(admin, episode, correction(heard, added=True))
    lines = admin.get(f"/api/dialogues/{episode.pk}/").json()["lines"]
    assert len(lines) == 16
    assert [(one["text"], one["added"]) for one in lines[:2]] == [("Line 0.", False), ("Psst!", True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_ms": 4000}, "end_ms"),
        ({"end_ms": 60_001}, "end_ms"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"speaker": "x" * 101}, "speaker"),
        ({"status": "maybe"}, "status"),
        ({"client_id": "1"}, "client_id"),
        ({"start_ms": -1}, "start_ms"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    admin: APIClient, episode: Episode, changes: dict[str, Any], field: str
) -> None:
    answer = send(admin, episode, correction(first_line(admin, episode)["anchor"], **changes))
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not DialogueCorrection.objects.exists()


def test_only_admins_see_and_correct_the_dialogue(as_user: AsUser, episode: Episode) -> None:
    anna = as_user(make_user())
    assert anna.get(f"/api/dialogues/{episode.pk}/").status_code == 403
    assert send(anna, episode, {}).status_code == 403
    assert APIClient().get(f"/api/dialogues/{episode.pk}/").status_code == 401


def test_corrections_that_find_no_line_are_shown(admin: APIClient, episode: Episode) -> None:
    send(admin, episode, correction(first_line(admin, episode)["anchor"], text="Nobody finds me."))
    Utterance.objects.filter(job__episode=episode, index=0).delete()
    shown = admin.get(f"/api/dialogues/{episode.pk}/").json()
    assert [(one["text"], one["anchor"]["text"]) for one in shown["lost"]] == [("Nobody finds me.", "Line 0.")]


def test_every_further_correction_puts_the_plan_off_and_asking_for_it_starts_it_now(
    admin: APIClient, episode: Episode
) -> None:
    anchor = first_line(admin, episode)["anchor"]
    send(admin, episode, correction(anchor, text="One."))
    Job.objects.filter(kind="plan").update(not_before=timezone.now())
    send(admin, episode, correction(anchor, text="Two."))
    plan = Job.objects.get(kind="plan")
    assert plan.not_before is not None
    assert plan.not_before > timezone.now()
    plan_analysis(episode)
    assert Job.objects.get(kind="plan").not_before is None


def test_a_long_dialogue_takes_as_many_queries_as_a_short_one(admin: APIClient) -> None:
    counts = []
    for cuts in ([30_000], range(500, 60_000, 500)):
        episode = make_episode(cuts_ms=cuts)
        for one in admin.get(f"/api/dialogues/{episode.pk}/").json()["lines"][:20]:
            send(admin, episode, correction(one["anchor"], text="Checked."))
        with CaptureQueriesContext(connection) as captured:
            admin.get(f"/api/dialogues/{episode.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
