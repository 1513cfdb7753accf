"""The film's plan and truth fit each other, and its pictures are what the truth says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from benchmarks.film.make import truth_of
from benchmarks.film.people import PEOPLE
from benchmarks.film.pictures import LETTERS, is_chinese, render
from benchmarks.film.plan import Plan, make_plan
from benchmarks.film.script import Shot, make_script
from benchmarks.fonts import CJK_FOLDER


@pytest.fixture(scope="module")
def script() -> tuple[Shot, ...]:
    return make_script()


@pytest.fixture(scope="module")
def plan(script: tuple[Shot, ...]) -> Plan:
    return make_plan(script, [3.0 if shot.speaker else None for shot in script])


def test_the_film_holds_what_the_benchmark_promises(script: tuple[Shot, ...]) -> None:
    assert len(script) == 60
    assert {actor.name for shot in script for actor in shot.actors} == set(PEOPLE)
    kinds = [shot.join.kind for shot in script[1:]]
    assert (kinds.count("cut"), kinds.count("dissolve"), kinds.count("fade")) == (45, 9, 5)
    written = {(is_chinese(shot.text), shot.style) for shot in script if shot.text}
    assert written == {(chinese, style) for chinese in (True, False) for style in LETTERS}
    assert any(shot.flash for shot in script)
    assert any(shot.light < 0.3 for shot in script)


def test_lines_follow_each_other_and_joins_are_over_before_the_next(script: tuple[Shot, ...], plan: Plan) -> None:
    assert all(one.end < other.start for one, other in itertools.pairwise(plan.lines))
    assert plan.lines[-1].end <= plan.frames
    joins = truth_of(script, plan, {})["soft"]
    starts = [0, *plan.ends()]
    for join in joins:
        middle = join["middle_ms"] // 40
        place = starts.index(middle)
        assert starts[place - 1] < join["start_ms"] // 40 < middle < join["end_ms"] // 40 < starts[place + 1]


def test_faces_are_where_nothing_but_their_shot_is_seen(script: tuple[Shot, ...], plan: Plan) -> None:
    truth = truth_of(script, plan, {})
    assert all(face["start_ms"] < face["end_ms"] for face in truth["faces"])
    for face, join in itertools.product(truth["faces"], truth["soft"]):
        assert face["end_ms"] <= join["start_ms"] or face["start_ms"] >= join["end_ms"]


@pytest.mark.skipif(
    not all((CJK_FOLDER / style.chinese).is_file() for style in LETTERS.values()),
    reason="needs the system package fonts-noto-cjk",
)
def test_the_picture_jumps_at_a_cut_and_not_in_a_dissolve(script: tuple[Shot, ...], plan: Plan) -> None:
    """A cut, and the dissolve after it."""
    cut, dissolve = plan.starts[3], plan.starts[4]
    for middle, jumps in ((cut, [cut]), (dissolve, [])):
        around = range(middle - 10, middle + 10)
        frames = [picture[:560:8, ::8].astype(np.int16) for picture in render(script, plan, around)]
        steps = np.array([np.abs(one - other).mean() for one, other in itertools.pairwise(frames)])
        assert (np.flatnonzero(steps > 15) + 1 + around.start).tolist() == jumps
