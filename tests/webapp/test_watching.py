"""What was watched of an episode: merged, kept for another computer, and asked for at the end."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.webapp.factories import held_turn, let_lease_run_out, make_project, make_user, mark_moments
from tests.webapp.threads import at_once
from webapp.accounts.models import User
from webapp.annotation.jsonl import LineError, read_lines, write_lines
from webapp.annotation.models import Assignment, Moment, Project, Task, Watched
from webapp.annotation.services import moments
from webapp.annotation.services.importing import import_annotations
from webapp.annotation.services.watching import note_watched
from webapp.annotation.watching import merged, unwatched, watched_ms

AsUser = Callable[[User], APIClient]
SPANS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=12)


@pytest.mark.parametrize(
    ("spans", "union", "missing"),
    [
        ([], [], [(0, 60_000)]),
        ([(0, 60_000)], [(0, 60_000)], []),
        ([(20_000, 30_000), (0, 20_000)], [(0, 30_000)], [(30_000, 60_000)]),
        ([(0, 20_000), (20_999, 60_000)], [(0, 20_000), (20_999, 60_000)], []),
        ([(0, 20_000), (21_000, 60_000)], [(0, 20_000), (21_000, 60_000)], [(20_000, 21_000)]),
        ([(1_000, 59_500)], [(1_000, 59_500)], [(0, 1_000)]),
        ([(-5, 10), (59_000, 99_000), (7, 7)], [(0, 10), (59_000, 60_000)], [(10, 59_000)]),
    ],
    ids=["nothing", "all", "touching", "999 ms are no gap", "1 s is", "the start counts too", "outside"],
)
def test_spans_are_merged_and_what_is_missing_is_found(
    spans: list[tuple[int, int]], union: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    assert merged(spans, 60_000) == union
    assert unwatched(spans, 60_000) == missing
    assert watched_ms(spans, 60_000) == 60_000 - sum(end - start for start, end in missing)


@given(SPANS)
def test_merging_keeps_every_millisecond_and_no_other(spans: list[tuple[int, int]]) -> None:
    union = merged(spans, 90)
    assert {t for start, end in union for t in range(start, end)} == {
        t for start, end in spans for t in range(start, min(end, 90))
    }
    assert all(earlier[1] < later[0] for earlier, later in pairwise(union))
    assert merged([*union, *spans], 90) == union, "sending again changes nothing"


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna")


@pytest.fixture
def project(anna: User) -> Project:
    return make_project(annotators=[anna], k=2)


@pytest.fixture
def turn(project: Project, anna: User) -> Assignment:
    return held_turn(project, anna)


def send(client: APIClient, turn: Assignment, spans: Any, position_ms: Any = 0) -> Any:
    body = {"spans": spans, "position_ms": position_ms}
    return client.post(f"/api/assignments/{turn.pk}/watched/", body, format="json")


def test_what_is_watched_is_added_up_and_another_computer_goes_on_there(
    turn: Assignment, anna: User, as_user: AsUser
) -> None:
    assert send(as_user(anna), turn, [[0, 5_000], [9_000, 9_500]], 9_500).status_code == 200
    answer = send(as_user(anna), turn, [[4_000, 9_000]], 12_000)
    assert answer.json() == {"spans": [[0, 9_500]], "position_ms": 12_000, "smallest_gap_ms": 1_000}
    elsewhere = as_user(anna).get(f"/api/assignments/{turn.pk}/").json()
    assert elsewhere["watched"] == answer.json()


def test_a_turn_in_which_nothing_was_watched_says_so(turn: Assignment, anna: User, as_user: AsUser) -> None:
    detail = as_user(anna).get(f"/api/assignments/{turn.pk}/").json()
    assert detail["watched"].items() >= {"spans": [], "position_ms": 0}.items()


def test_a_player_that_runs_over_the_end_is_cut(turn: Assignment, anna: User, as_user: AsUser) -> None:
    answer = send(as_user(anna), turn, [[59_000, 60_040]], 60_040)
    assert answer.json().items() >= {"spans": [[59_000, 60_000]], "position_ms": 60_000}.items()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_tell_of_different_parts_at_once_forget_nothing() -> None:
    person = make_user()
    turn = held_turn(make_project(annotators=[person]), person)

    def watch(number: int) -> None:
        note_watched(assignment=turn, spans=[(number * 2_000, number * 2_000 + 1_000)], position_ms=0)

    at_once(6, watch)
    assert Watched.objects.get().spans == [[number * 2_000, number * 2_000 + 1_000] for number in range(6)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"spans": [[5, 5]], "position_ms": 0},
        {"spans": [[9, 5]], "position_ms": 0},
        {"spans": [[1]], "position_ms": 0},
        {"spans": [["x", 5]], "position_ms": 0},
        {"spans": [[0, 2**31]], "position_ms": 0},
        {"spans": "all", "position_ms": 0},
        {"spans": [], "position_ms": -1},
        {"spans": [[0, 1]] * 1001, "position_ms": 0},
    ],
    ids=["empty", "no length", "backwards", "half a span", "text", "too large", "no list", "negative", "too many"],
)
def test_what_is_no_list_of_spans_is_refused(turn: Assignment, anna: User, as_user: AsUser, body: Any) -> None:
    answer = as_user(anna).post(f"/api/assignments/{turn.pk}/watched/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Watched.objects.exists()


def test_a_turn_of_somebody_else_is_not_there(turn: Assignment, as_user: AsUser) -> None:
    assert send(as_user(make_user()), turn, [[0, 1]]).status_code == 404
    assert send(APIClient(), turn, [[0, 1]]).status_code == 401


def test_a_turn_that_was_taken_over_is_lost(turn: Assignment, project: Project, anna: User, as_user: AsUser) -> None:
    let_lease_run_out(turn)
    held_turn(project, make_user())
    answer = send(as_user(anna), turn, [[0, 1]])
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert not Watched.objects.exists()


def test_what_comes_after_the_end_of_the_turn_changes_nothing(turn: Assignment, anna: User, as_user: AsUser) -> None:
    send(as_user(anna), turn, [[0, 5_000]], 5_000)
    moments.finish_moments(assignment=turn)
    late = send(as_user(anna), turn, [[5_000, 9_000]], 9_000)
    assert (late.status_code, late.json()["spans"]) == (200, [[0, 5_000]])


def test_clips_are_not_watched_in_this_sense(project: Project, anna: User, as_user: AsUser) -> None:
    mark_moments(project, anna, 10_000)
    answer = send(as_user(anna), held_turn(project, anna, Task.Kind.STATES), [[0, 1]])
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_kind")


def finish(client: APIClient, turn: Assignment) -> Any:
    return client.post(f"/api/assignments/{turn.pk}/finish/")


def test_a_strict_project_refuses_an_end_with_gaps_and_names_them(
    project: Project, turn: Assignment, anna: User, as_user: AsUser
) -> None:
    Project.objects.update(unwatched="refuse")
    client = as_user(anna)
    send(client, turn, [[0, 12_000], [30_000, 59_500]])
    answer = finish(client, turn)
    assert (answer.status_code, answer.json()["code"]) == (422, "unwatched")
    assert answer.json()["fields"] == {"watched": ["00:12–00:30"]}
    assert Assignment.objects.get(pk=turn.pk).status == "held"
    send(client, turn, [[12_000, 30_000]])
    assert finish(client, turn).json()["status"] == "done"
    assert finish(client, turn).status_code == 200, "again is no other question"


def test_a_lenient_project_lets_it_end(turn: Assignment, anna: User, as_user: AsUser) -> None:
    assert finish(as_user(anna), turn).status_code == 200


def calibrate(client: APIClient, presses: Any, client_id: Any = None) -> Any:
    body = {"client_id": str(uuid4()) if client_id is None else client_id, "presses_ms": presses}
    return client.post("/api/calibration/", body, format="json")


def presses_late_by(client: APIClient, delay_ms: int, leave_out: int = 0) -> list[int]:
    clip = client.get("/api/calibration/").json()["clip"]
    return [onset + delay_ms for onset in clip["onsets_ms"][: len(clip["onsets_ms"]) - leave_out]]


def test_a_calibration_is_kept_with_what_it_says(anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    answer = calibrate(client, presses_late_by(client, 420))
    assert answer.status_code == 201
    expected = {"delay_ms": 420, "spread_ms": 0, "hits": 12, "discarded": 0, "usable": True, "problems": []}
    assert answer.json().items() >= expected.items()
    mine = client.get("/api/calibration/").json()
    assert mine["current"]["id"] == mine["runs"][0]["id"] == answer.json()["id"]


def test_a_calibration_sent_twice_is_one(anna: User, as_user: AsUser) -> None:
    client, client_id = as_user(anna), str(uuid4())
    presses = presses_late_by(client, 420)
    assert calibrate(client, presses, client_id).json() == calibrate(client, presses, client_id).json()
    assert anna.calibrations.count() == 1


def test_a_bad_run_is_said_at_once_and_does_not_replace_a_good_one(anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    good = calibrate(client, presses_late_by(client, 420)).json()
    bad = calibrate(client, presses_late_by(client, 300, leave_out=5)).json()
    assert (bad["usable"], bad["problems"]) == (False, ["too_few_hits"])
    mine = client.get("/api/calibration/").json()
    assert (mine["current"]["id"], len(mine["runs"])) == (good["id"], 2)


def test_calibrations_are_everybodys_own(anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    calibrate(client, presses_late_by(client, 420))
    assert as_user(make_user()).get("/api/calibration/").json()["current"] is None
    assert APIClient().get("/api/calibration/").status_code == 401
    assert calibrate(APIClient(), []).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"client_id": "x", "presses_ms": []}, {"client_id": str(uuid4()), "presses_ms": [-1]}, []],
    ids=["empty", "no UUID", "negative", "a list"],
)
def test_a_malformed_calibration_is_refused(anna: User, as_user: AsUser, body: Any) -> None:
    answer = as_user(anna).post("/api/calibration/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def record(client: APIClient, turn: Assignment, time_ms: int, **values: Any) -> Any:
    body = {"client_id": str(uuid4()), "time_ms": time_ms, **values}
    return client.post(f"/api/assignments/{turn.pk}/moments/", body, format="json")


def test_raw_and_corrected_moment_are_both_kept(turn: Assignment, anna: User, as_user: AsUser) -> None:
    client = as_user(anna)
    assert record(client, turn, 9_000).json()["corrected_ms"] is None
    calibrate(client, presses_late_by(client, 420))
    assert record(client, turn, 10_000).json().items() >= {"time_ms": 10_000, "corrected_ms": 9_580}.items()
    assert record(client, turn, 20_000, playback_rate=1.5).json()["corrected_ms"] == 19_370
    finish(client, turn)
    kept = turn.moments.values_list("time_ms", "corrected_ms", "calibration__delay_ms")
    assert set(kept) == {(9_000, 8_580, 420), (10_000, 9_580, 420), (20_000, 19_370, 420)}, "the first one at the end"


@pytest.mark.parametrize("rate", [0, 5, "fast", None])
def test_a_speed_that_no_player_has_is_refused(turn: Assignment, anna: User, as_user: AsUser, rate: Any) -> None:
    assert record(as_user(anna), turn, 1_000, playback_rate=rate).status_code == 400


@pytest.mark.parametrize(("chosen", "start_ms"), [("raw", 8_000), ("corrected", 4_000)])
def test_the_project_chooses_which_moment_makes_the_clip(
    project: Project, turn: Assignment, anna: User, as_user: AsUser, chosen: str, start_ms: int
) -> None:
    Project.objects.update(moment_time=chosen)
    client = as_user(anna)
    calibrate(client, presses_late_by(client, 420))
    # Segments of 4 s: the window of 13,200 ms starts at 8,200, that of 12,780 at 7,780, in the segment before.
    record(client, turn, 13_200)
    finish(client, turn)
    assert project.clips.get().start_ms == start_ms


def test_the_choice_is_fixed_by_the_first_clip(project: Project, anna: User, as_user: AsUser) -> None:
    admin = as_user(make_user(admin=True))
    path = f"/api/projects/{project.pk}/settings/"
    assert admin.patch(path, {"moment_time": "corrected"}, format="json").json()["moment_time"] == "corrected"
    mark_moments(project, anna, 10_000)
    answer = admin.patch(path, {"moment_time": "raw"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "clips_exist")
    both = {"moment_time": "corrected", "unwatched": "refuse", "moment_tolerance_ms": 1_500}
    assert admin.patch(path, both, format="json").json().items() >= {**both, "moment_time_is_fixed": True}.items()
    for wrong in ({"moment_tolerance_ms": 0}, {"unwatched": "maybe"}, {"moment_time": ""}):
        assert admin.patch(path, wrong, format="json").status_code == 400
    assert as_user(anna).patch(path, both, format="json").status_code == 403


def test_watching_and_corrected_moments_survive_export_and_import(
    project: Project, turn: Assignment, anna: User, as_user: AsUser
) -> None:
    client = as_user(anna)
    calibrate(client, presses_late_by(client, 420))
    send(client, turn, [[0, 12_000]], 12_000)
    record(client, turn, 10_000, playback_rate=2.0)
    finish(client, turn)
    file = io.StringIO()
    write_lines(project, file)
    copy = make_project(episodes=list(project.episodes.all()))
    import_annotations(project=copy, file=io.StringIO(file.getvalue()))
    moment = Moment.objects.get(assignment__task__project=copy)
    assert (moment.time_ms, moment.corrected_ms, moment.playback_rate) == (10_000, 9_160, 2.0)
    assert Watched.objects.get(assignment__task__project=copy).spans == [[0, 12_000]]


@pytest.mark.parametrize(
    ("kind", "values", "word"),
    [
        ("moment", {"corrected_ms": 10_001}, "corrected_ms"),
        ("moment", {"corrected_ms": "x"}, "corrected_ms"),
        ("moment", {"playback_rate": 0}, "playback_rate"),
        ("moment", {"playback_rate": True}, "playback_rate"),
        ("turn", {"watched": [[1]]}, "watched"),
        ("turn", {"watched": [[1, "x"]]}, "watched"),
    ],
)
def test_a_file_that_makes_no_sense_of_watching_is_refused(kind: str, values: dict[str, Any], word: str) -> None:
    plain = {"kind": kind, "series": "S", "episode": "E", "annotator": "anna"}
    of_kind = {"moment": {"id": str(uuid4()), "time_ms": 10_000}, "turn": {"task": "moments", "status": "done"}}
    with pytest.raises(LineError, match=word):
        read_lines(io.StringIO(json.dumps({**plain, **of_kind[kind], **values})))
