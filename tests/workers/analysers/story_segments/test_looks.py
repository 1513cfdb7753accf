"""From pictures to story segments: views that come back, captions that stay, and the file between."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.sample_videos import Picture, write_video
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Shot
from workers.analysers.story_segments import LooksOptions, LooksTap, Options, story_segments, threads
from workers.analysers.story_segments.looks import Looks, View, looks_of_shots, read_looks, write_looks
from workers.analysers.story_segments.threads import find_links, threads_of
from workers.analysers.sweep import KnownCuts, sweep

FRAMES = 4
SHOT_MS = 40 * FRAMES


def view(place: int, number: int) -> Picture:
    """One camera's view of a place: hundreds of boxes, most in the place's colour."""
    random = np.random.default_rng(100 * place + number)
    colour = np.random.default_rng(place).integers(40, 216, 3)
    picture = np.full((180, 320, 3), colour, np.uint8)
    for _ in range(220):
        x, y, w, h = (int(value) for value in random.integers((0, 0, 4, 4), (310, 170, 24, 24)))
        shade = np.clip(colour + random.integers(-60, 60), 0, 255)
        cv2.rectangle(picture, (x, y), (x + w, y + h), [int(value) for value in shade], -1)
    return picture


def caption(picture: Picture) -> Picture:
    picture = picture.copy()
    cv2.putText(picture, "NEVER SAY THAT AGAIN", (20, 168), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return picture


def shots(count: int) -> list[Shot]:
    return [Shot(n, n * SHOT_MS, (n + 1) * SHOT_MS, n * SHOT_MS) for n in range(count)]


def looks(folder: Path, views: list[Picture], soft: tuple[int, ...] = ()) -> Looks:
    video = write_video(folder / "film.mp4", [one for one in views for _ in range(FRAMES)])
    tap = LooksTap(LooksOptions(every_ms=80))
    starts = [n * SHOT_MS for n in range(len(views)) if n not in soft]
    sweep(video, duration_ms=len(views) * SHOT_MS, followers=[tap], cuts=KnownCuts(starts))
    return tap.finish([n * SHOT_MS for n in soft])


def spans(count: int) -> list[tuple[int, int]]:
    return [(shot.start_ms, shot.end_ms) for shot in shots(count)]


def test_a_film_of_sixty_shots_with_conversations_in_ten_places(tmp_path: Path) -> None:
    """Six shots a place: A B A B A and a wide view."""
    views = [view(place, number) for place in range(10) for number in (0, 1, 0, 1, 0, 2)]
    found = story_segments(shots(60), looks(tmp_path, views), Options())
    starts = {segment.first_shot for segment in found} - {0}
    truth = set(range(6, 60, 6))
    f1 = 2 * len(starts & truth) / (len(starts) + len(truth))
    print(f"boundary F1 {f1:.2f}, {len(found)} of 10 scenes")
    assert f1 >= 0.8
    assert (0, 2, 4) in found[0].threads
    assert [segment.index for segment in found] == list(range(len(found)))
    assert (found[0].start_ms, found[-1].end_ms) == (0, 60 * SHOT_MS)
    assert all(a.end_ms == b.start_ms and a.last_shot + 1 == b.first_shot for a, b in pairwise(found))
    assert all(s.first_shot <= shot <= s.last_shot for s in found for thread in s.threads for shot in thread)


def test_a_camera_that_turns_tilts_and_comes_nearer_keeps_its_view(tmp_path: Path) -> None:
    corners = np.array([[0, 0], [320, 0], [320, 180], [0, 180]], np.float32)
    moved = np.array([[-22, -6], [330, -14], [318, 196], [-8, 184]], np.float32)
    later = cv2.warpPerspective(view(1, 0), cv2.getPerspectiveTransform(corners, moved), (320, 180))
    seen = looks_of_shots(looks(tmp_path, [view(1, 0), later]), spans(2))
    assert find_links(seen, Options()) == [(0, 1)]


def test_pictures_that_look_unlike_at_a_glance_are_not_matched_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = looks_of_shots(looks(tmp_path, [view(1, 0), view(1, 1)]), spans(2))
    matched: list[int] = []
    counterparts = threads._counterparts

    def count(one: View, other: View, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        matched.append(int(asked.sum()))
        return counterparts(one, other, asked)

    monkeypatch.setattr(threads, "_counterparts", count)
    assert not threads.same_view(seen.last[0], seen.first[1], Options())
    assert sum(matched) <= len(seen.last[0].points) / 3 + 1
    matched.clear()
    assert threads.same_view(seen.last[0], seen.first[0], Options())
    assert sum(matched) == len(seen.last[0].points)


def test_a_caption_that_outlasts_the_cut_makes_no_thread(tmp_path: Path) -> None:
    seen = looks(tmp_path, [caption(view(1, 0)), caption(view(1, 1))])
    options = Options(thread_points=8, thread_spread=0.0)
    assert find_links(looks_of_shots(seen, spans(2)), options) == []


def test_the_same_few_points_in_a_corner_are_a_logo(tmp_path: Path) -> None:
    pictures = [np.full((180, 320, 3), 90, np.uint8), np.full((180, 320, 3), 100, np.uint8)]
    for picture in pictures:
        picture[35:80, 230:285] = view(1, 0)[35:80, 230:285]
    seen = looks_of_shots(looks(tmp_path, pictures), spans(2))
    assert find_links(seen, Options(thread_likeness=0, thread_points=10)) == []
    assert find_links(seen, Options(thread_likeness=0, thread_points=10, thread_spread=0)) == [(0, 1)]


def test_shots_further_apart_than_the_reach_are_not_compared(tmp_path: Path) -> None:
    seen = looks_of_shots(looks(tmp_path, [view(1, 0), view(1, 1), view(1, 0)]), spans(3))
    assert find_links(seen, Options(thread_reach=1)) == []
    assert find_links(seen, Options(thread_reach=2)) == [(0, 2)]


def test_a_soft_cut_parts_the_points_too(tmp_path: Path) -> None:
    seen = looks(tmp_path, [view(1, 0), view(1, 1), view(1, 0)], soft=(1,))
    assert find_links(looks_of_shots(seen, spans(3)), Options()) == [(0, 2)]


def test_links_are_joined_to_threads() -> None:
    assert threads_of(7, [(0, 2), (1, 3), (2, 5), (3, 4)]) == [(0, 2, 5), (1, 3, 4)]
    assert threads_of(3, [(0, 2), (1, 2)]) == [(0, 1, 2)]


def test_no_shots_give_no_segments(tmp_path: Path) -> None:
    assert story_segments([], looks(tmp_path, [view(1, 0)]), Options()) == ()


def test_shots_without_pictures_are_told() -> None:
    nothing = Looks(np.zeros(0, np.int32), np.zeros((0, 216), np.float32), ())
    with pytest.raises(AnalysisError, match="shot_looks"):
        story_segments(shots(1), nothing, Options())


def test_looks_come_back_from_their_file_and_equal_looks_are_equal_bytes(tmp_path: Path) -> None:
    seen = looks(tmp_path, [view(1, 0), view(2, 0)])
    write_looks(seen, tmp_path / "one.npz")
    write_looks(seen, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    found = read_looks(tmp_path / "one.npz")
    assert found.time_ms.tolist() == seen.time_ms.tolist()
    assert (found.colours == seen.colours).all()
    assert [len(one.points) for one in found.views] == [len(one.points) for one in seen.views]
    assert all((a.descriptors == b.descriptors).all() for a, b in zip(found.views, seen.views, strict=True))
    assert (found.views[0].width, found.views[0].height) == (320, 180)


def test_a_damaged_file_says_which_step_to_run_again(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(AnalysisError, match="Run the shot_looks step again"):
        read_looks(tmp_path / "bad.npz")
