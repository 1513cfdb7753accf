from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from exports.errors import ExportError, FormatError
from exports.snapshot import FaceSpanRow, MomentRow
from exports.snapshot_json import check_snapshot, snapshot_from_json, snapshot_to_json
from tests.exports.factory import clip, episode, project, snapshot


def test_a_snapshot_comes_back_equal_and_with_the_same_bytes() -> None:
    made = project()
    data = snapshot_to_json(made)
    assert snapshot_from_json(data) == made
    assert snapshot_to_json(snapshot_from_json(data)) == data


def test_names_stay_readable() -> None:
    assert "生活大爆炸" in snapshot_to_json(snapshot(project="生活大爆炸")).decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "does not say"),
        ({"version": 99}, "version 99"),
        ({"clips": [{"id": 1}]}, "ClipRow: missing"),
        ({"states": None}, "incomplete"),
    ],
)
def test_another_document_is_refused(change: dict[str, Any], message: str) -> None:
    document = json.loads(snapshot_to_json(snapshot())) | change
    with pytest.raises(FormatError, match=message):
        snapshot_from_json(json.dumps(document).encode())


def test_no_json_is_refused() -> None:
    with pytest.raises(FormatError, match="no JSON"):
        snapshot_from_json(b"\xff{")


ONE = episode(1)
CLIP = clip(1, ONE, 0, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"clips": (CLIP, CLIP)}, "clip 1 is in the snapshot twice"),
        ({"clips": (CLIP, replace(CLIP, id=2))}, "clip name 'show-e1-0' is in the snapshot twice"),
        ({"clips": (replace(CLIP, name="a/../b"),)}, "names files"),
        ({"clips": (replace(CLIP, episode_id=9),)}, "episode 9"),
        ({"clips": (replace(CLIP, last_segment=99),)}, "0 to 19"),
        ({"clips": (replace(CLIP, end_ms=11_999),)}, "begin and end"),
        ({"moments": (MomentRow("m", 1, 9, "ann", 0),)}, "moment m"),
        ({"episodes": (replace(ONE, segments=ONE.segments[1:]),)}, "numbered from 0"),
        ({"episodes": (replace(ONE, faces=(FaceSpanRow(0, 99, 0, 1),)),)}, "face track 0"),
        (
            {"episodes": (replace(ONE, segments=(replace(ONE.segments[0], end_ms=3999), *ONE.segments[1:])),)},
            "segments tile the episode",
        ),
    ],
)
def test_rows_that_do_not_fit_each_other_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ExportError, match=message):
        check_snapshot(snapshot(**changes))


def test_the_factory_makes_sound_snapshots() -> None:
    check_snapshot(snapshot())
    check_snapshot(project())
