"""Annotations as JSON lines: what goes out comes in again, all of it or nothing."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.factories import (
    ABSENT,
    CALM,
    JOY,
    answer_all,
    finish_clip,
    held_turn,
    make_episode,
    make_project,
    make_series,
    make_user,
    mark_moments,
)
from webapp.accounts.models import User
from webapp.annotation.jsonl import LineError, open_lines, read_lines, write_lines
from webapp.annotation.models import Assignment, Clip, Moment, MomentEvent, Project, StateRevision, Task
from webapp.annotation.services import moments, turns
from webapp.annotation.services.importing import ImportCounts, import_annotations
from webapp.corpus.models import Episode


def exported(project: Project) -> str:
    file = io.StringIO()
    write_lines(project, file)
    return file.getvalue()


def imported(project: Project, text: str, **options: Any) -> ImportCounts:
    return import_annotations(project=project, file=io.StringIO(text), **options)


def lines(*documents: dict[str, Any]) -> str:
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


def moment_line(episode: Episode, time_ms: int = 10_000, **values: Any) -> dict[str, Any]:
    where = {"series": episode.series.name, "episode": episode.title, "annotator": "anna"}
    return {"kind": "moment", **where, "id": str(uuid4()), "time_ms": time_ms, **values}


def state_line(episode: Episode, character: str = "Rachel", **values: Any) -> dict[str, Any]:
    """An answer for the clip of the moment at 10 s: segments 1 to 3, 4 to 16 s."""
    where = {"series": episode.series.name, "episode": episode.title, "annotator": "anna"}
    clip = {"start_ms": 4_000, "end_ms": 16_000}
    return {"kind": "state", **where, "clip": clip, "client_id": str(uuid4()), "character": character,
            "status": "no_emotion", **values}  # fmt: skip


@pytest.fixture
def episode(db: None) -> Episode:
    make_user("anna")
    return make_episode(title="Pilot")


@pytest.fixture
def empty(episode: Episode) -> Project:
    return make_project(episodes=[episode], k=1)


def rows() -> dict[str, int]:
    tables = (User, Assignment, Moment, MomentEvent, StateRevision, Clip, Task)
    return {table.__name__: table.objects.count() for table in tables}


@pytest.mark.django_db
def test_export_import_export_gives_the_same_bytes() -> None:
    anna, ben, chen = (make_user(name) for name in ("anna", "ben", "陈伟"))
    episodes = [make_episode(make_series("Fr“ie”nds"), title="一"), make_episode(title="Two")]
    project = make_project(episodes=episodes, annotators=[anna, ben, chen], k=2)
    # Anna gives the first episode back and takes it again; a moment is removed, one removed and restored.
    first = held_turn(project, anna)
    moments.record_moment(assignment=first, client_id=uuid4(), time_ms=30_000)
    turns.give_back(first)
    again = held_turn(project, anna)
    kept, gone, back = (
        moments.record_moment(assignment=again, client_id=uuid4(), time_ms=time) for time in (10_000, 50_000, 51_000)
    )
    assert kept.removed is False
    moments.change_moment(moment=gone, client_id=uuid4(), kind="removed")
    moments.change_moment(moment=back, client_id=uuid4(), kind="removed")
    moments.change_moment(moment=back, client_id=uuid4(), kind="restored")
    moments.finish_moments(assignment=again)
    mark_moments(project, ben, 2_000)
    # One clip complete, one begun, one given back half answered and then answered by somebody else.
    finish_clip(project, anna, JOY)
    left = held_turn(project, chen, Task.Kind.STATES)
    answer_all(left, ABSENT)
    turns.give_back(left)
    finish_clip(project, ben, CALM)
    answer_all(held_turn(project, chen, Task.Kind.STATES), JOY)
    text = exported(project)

    fresh = make_project(episodes=episodes, k=2)
    imported(fresh, text)

    assert exported(fresh) == text
    spans = [list(p.clips.order_by("episode", "start_ms").values_list("start_ms", "end_ms")) for p in (project, fresh)]
    assert spans[0] == spans[1], "only the moments of finished turns made clips"


@pytest.mark.django_db
def test_importing_a_file_twice_changes_nothing(empty: Project, episode: Episode) -> None:
    text = lines(
        moment_line(episode), moment_line(episode, 50_000, removed=True),
        state_line(episode, "Rachel"), state_line(episode, "Joanna"),
    )  # fmt: skip
    assert imported(empty, text) == ImportCounts(turns=2, moments=2, states=2, known=0)
    before, written = rows(), exported(empty)
    assert imported(empty, text) == ImportCounts(turns=0, moments=0, states=0, known=4)
    assert (rows(), exported(empty)) == (before, written)


@pytest.mark.django_db
def test_a_project_takes_its_own_export_without_a_change() -> None:
    anna, ben = make_user(), make_user()
    project = make_project(annotators=[anna, ben], k=2)
    mark_moments(project, anna, 10_000)
    turns.give_back(held_turn(project, ben, Task.Kind.STATES))
    answer_all(held_turn(project, ben, Task.Kind.STATES))
    finish_clip(project, anna)
    before, text = rows(), exported(project)
    assert imported(project, text).turns == 0
    assert (rows(), exported(project)) == (before, text)


@pytest.mark.django_db
def test_a_file_without_turns_is_one_of_finished_turns(empty: Project, episode: Episode) -> None:
    imported(empty, lines(moment_line(episode), state_line(episode, "Rachel"), state_line(episode, "Joanna")))
    assert set(Assignment.objects.values_list("status", flat=True)) == {"done"}
    assert Clip.objects.get().task.assignments.count() == 1


@pytest.mark.django_db
def test_a_line_that_stands_twice_is_one_answer(empty: Project, episode: Episode) -> None:
    moment = moment_line(episode)
    assert imported(empty, lines(moment, moment)).moments == 1


def change(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda line: {**line, **values}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(change(annotator="zoe"), "no user “zoe”", id="unknown annotator"),
        pytest.param(change(episode="Finale"), "no episode “", id="unknown episode"),
        pytest.param(change(series="Seinfeld"), "no episode “Seinfeld/", id="unknown series"),
        pytest.param(change(character="Gunther"), "“Gunther” is no main character", id="unknown character"),
        pytest.param(change(clip={"start_ms": 4_000, "end_ms": 16_001}), "4000-16001 ms was not made", id="wrong clip"),
        pytest.param(change(clip=None), "“clip” must be an object", id="no clip"),
        pytest.param(change(clip=[4_000, 16_000]), "“clip” must be an object", id="clip of another form"),
        pytest.param(change(status="one"), "“primary”", id="one emotion without emotion"),
        pytest.param(
            change(status="one", primary="joy", fine_grained="fear", reasons=["text"]),
            "“fine_grained”",
            id="wrong label",
        ),
        pytest.param(change(status="absent", reasons=["text"]), "“reasons”", id="reasons without emotion"),
        pytest.param(change(status=["one"]), "“status”", id="status of another type"),
        pytest.param(change(reasons="text"), "“reasons”", id="reasons that are no list"),
        pytest.param(change(client_id="7"), "“client_id” must be a UUID", id="no UUID"),
        pytest.param(change(duration_ms=-1), "“duration_ms”", id="negative duration"),
        pytest.param(change(duration_ms=10**30), "“duration_ms”", id="enormous duration"),
        pytest.param(change(duration_ms=True), "“duration_ms”", id="a truth is no number"),
        pytest.param(change(created_at="yesterday"), "ISO 8601", id="no time"),
        pytest.param(change(created_at="2026-01-01T00:00:00"), "time zone", id="time without zone"),
        pytest.param(change(created_at="0001-01-01T00:00:00+23:00"), "ISO 8601", id="time before the calendar"),
        pytest.param(change(prelabel=[1]), "“prelabel”", id="prelabel of another type"),
        pytest.param(change(prelabel={"a": "\0"}), "“prelabel”", id="prelabel with a NUL"),
        pytest.param(change(annotator="a\0"), "“annotator”", id="a name with a NUL"),
        pytest.param(change(annotator="\ud800"), "UTF-8", id="half a surrogate pair"),
        pytest.param(change(kind="label"), "“kind”", id="unknown kind"),
        pytest.param(change(kind=["state"]), "“kind”", id="kind of another type"),
        pytest.param(lambda line: [line], "must be an object", id="a list"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_imported(
    empty: Project, episode: Episode, spoil: Callable[[dict[str, Any]], Any], says: str
) -> None:
    text = lines(moment_line(episode), state_line(episode, "Rachel"), spoil(state_line(episode, "Joanna")))
    before = rows()
    with pytest.raises(LineError, match=r"^Line 3: ") as refused:
        imported(empty, text)
    assert says in refused.value.message
    assert refused.value.message.endswith("Nothing was imported.")
    assert rows() == before


@pytest.mark.django_db
def test_corrupt_line_5001_of_10000_is_named_and_nothing_is_imported(empty: Project, episode: Episode) -> None:
    good = [json.dumps(moment_line(episode, number)) for number in range(10_000)]
    good[5_000] = good[5_000][:-1]
    before = rows()
    with pytest.raises(LineError, match=r"^Line 5001: it is not JSON"):
        imported(empty, "\n".join(good))
    assert rows() == before


@pytest.mark.django_db
def test_blank_lines_count_when_a_line_is_named(empty: Project, episode: Episode) -> None:
    with pytest.raises(LineError, match=r"^Line 4: "):
        imported(empty, "\n\n" + lines(moment_line(episode)) + "{\n")


@pytest.mark.parametrize("bad", [b"\xff\xfe", "é".encode("latin-1"), b"\xed\xa0\x80"])
def test_the_line_that_is_not_utf8_is_named(tmp_path: Path, bad: bytes) -> None:
    turn = {"kind": "turn", "task": "moments", "series": "a", "episode": "b", "annotator": "c", "status": "done"}
    line = json.dumps(turn).encode()
    path = tmp_path / "a.jsonl"
    path.write_bytes((line + b"\n") * 5_000 + line.replace(b'"c"', b'"c' + bad + b'"') + b"\n" + (line + b"\n") * 4_999)
    with open_lines(path) as file, pytest.raises(LineError, match=r"^Line 5001: it is not UTF-8"):
        read_lines(file)


def test_a_file_in_utf16_is_refused_at_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"kind": "turn"}\n', encoding="utf-16")
    with open_lines(path) as file, pytest.raises(LineError, match=r"^Line 1: it is not UTF-8"):
        read_lines(file)


@pytest.mark.django_db
def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(empty: Project, episode: Episode, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines(moment_line(episode)).replace("\n", "\r\n").encode())
    with open_lines(path) as file:
        assert import_annotations(project=empty, file=file).moments == 1


@pytest.mark.django_db
def test_more_than_k_answers_are_refused(empty: Project, episode: Episode) -> None:
    make_user("ben")
    answers = [state_line(episode, who, annotator=by) for by in ("anna", "ben") for who in ("Rachel", "Joanna")]
    with pytest.raises(LineError, match=r"^Line 4: this states task has its 1 answers already"):
        imported(empty, lines(moment_line(episode), *answers))
    assert not Moment.objects.exists()


@pytest.mark.django_db
def test_a_finished_turn_needs_an_answer_for_every_main_character(empty: Project, episode: Episode) -> None:
    with pytest.raises(LineError, match=r"^Line 2: anna has no answer for Joanna"):
        imported(empty, lines(moment_line(episode), state_line(episode, "Rachel")))


@pytest.mark.django_db
def test_a_moment_after_the_end_is_refused(empty: Project, episode: Episode) -> None:
    imported(empty, lines(moment_line(episode, 60_000)))
    with pytest.raises(LineError, match=r"^Line 1: "):
        imported(make_project(episodes=[episode]), lines(moment_line(episode, 60_001)))


@pytest.mark.django_db
def test_a_clip_that_is_too_long_takes_no_answers() -> None:
    make_user("anna")
    episode = make_episode(title="Pilot", cuts_ms=[40_000])
    project = make_project(episodes=[episode], k=1)
    text = lines(moment_line(episode), state_line(episode, clip={"start_ms": 0, "end_ms": 40_000}))
    with pytest.raises(LineError, match=r"^Line 2: the clip 0-40000 ms is too long"):
        imported(project, text)


@pytest.mark.django_db
def test_one_id_for_two_different_answers_is_refused(empty: Project, episode: Episode) -> None:
    first = moment_line(episode)
    with pytest.raises(LineError, match=r"^Line 2: its id was used by line 1"):
        imported(empty, lines(first, {**first, "time_ms": 11_000}))


@pytest.mark.django_db
def test_answers_cannot_be_added_to_a_turn_that_is_finished(empty: Project, episode: Episode) -> None:
    imported(empty, lines(moment_line(episode)))
    with pytest.raises(LineError, match=r"^Line 1: this turn is finished"):
        imported(empty, lines(moment_line(episode, 20_000)))


@pytest.mark.django_db
def test_missing_annotators_are_made_when_asked_for_and_cannot_log_in(empty: Project, episode: Episode) -> None:
    imported(empty, lines(moment_line(episode, annotator="zoe")), create_annotators=True)
    zoe = User.objects.get(username="zoe")
    assert not zoe.is_active
    assert not zoe.has_usable_password()


@pytest.mark.django_db
def test_a_user_name_too_long_for_the_database_is_refused(empty: Project, episode: Episode) -> None:
    with pytest.raises(LineError, match=r"^Line 1: a user name has at most 150"):
        imported(empty, lines(moment_line(episode, annotator="z" * 151)), create_annotators=True)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("kind", "series", "episode", "annotator", "clip", "task", "status", "finished_at", "id", "time_ms", "removed",
         "created_at", "client_id", "character", "primary", "fine_grained", "reasons", "duration_ms", "prelabel",
         "turn")  # fmt: skip
good_values = {
    "kind": st.sampled_from(["turn", "moment", "state"]), "series": st.just("a"), "episode": st.just("b"),
    "annotator": st.just("c"), "clip": st.just({"start_ms": 0, "end_ms": 1}), "status": st.just("done"),
    "task": st.just("states"), "client_id": st.just(str(UUID(int=1))), "id": st.just(str(UUID(int=1))),
    "time_ms": st.just(1), "character": st.just("d"),
}  # fmt: skip
documents = st.fixed_dictionaries(
    {}, optional={name: good_values.get(name, json_values) | json_values for name in NAMES}
)


@given(documents | json_values)
def test_the_reader_raises_nothing_but_line_errors_on_any_json(document: Any) -> None:
    with contextlib.suppress(LineError):
        read_lines(io.StringIO(json.dumps(document)))


@given(st.text())
def test_the_reader_raises_nothing_but_line_errors_on_any_text(text: str) -> None:
    with contextlib.suppress(LineError):
        assert read_lines(io.StringIO(text)) == []


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, "9" * 10_000, '{"kind": "turn", "a": NaN}', "nul", "\ufeff{}"],
    ids=["deep list", "deep object", "endless number", "not a number", "half a word", "second byte order mark"],
)  # fmt: skip
def test_hostile_json_is_a_line_error(text: str) -> None:
    with pytest.raises(LineError):
        read_lines(io.StringIO(text))
