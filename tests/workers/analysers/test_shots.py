"""Shots tile the video, start on exact frames, and are neither lost in stillness nor found in motion."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenedetect import FrameTimecode
from scenedetect.detectors import ContentDetector

from tests.sample_videos import Picture, scene, write_video
from tests.shared_data import SHARED, needs_shared
from workers.analysers import sweep as passes
from workers.analysers.facts import Shot
from workers.analysers.shots import Options, ShotFinder, find_shots, tile
from workers.analysers.shots.finder import LOT
from workers.analysers.shots.judge import Judge
from workers.analysers.shots.measures import Measurer
from workers.analysers.shots.soft import Change, Dissolves, thumbnails

FRAME_MS = 40


def starts_of(shots: tuple[Shot, ...]) -> list[int]:
    return [shot.start_ms for shot in shots]


def shots_of(tmp_path: Path, pictures: list[Picture], **options: list[int]) -> tuple[Shot, ...]:
    return find_shots(write_video(tmp_path / "video.mp4", pictures, **options))


def test_known_cuts_are_found_on_their_frame(tmp_path: Path) -> None:
    shots = shots_of(tmp_path, scene(1, 20) + scene(2, 33) + scene(3, 12))
    assert starts_of(shots) == [0, 20 * FRAME_MS, 53 * FRAME_MS]
    assert [shot.end_ms for shot in shots] == [20 * FRAME_MS, 53 * FRAME_MS, 65 * FRAME_MS]
    assert all(shot.start_ms <= shot.key_frame_ms < shot.end_ms for shot in shots)


@pytest.mark.parametrize("length", [2, 3])
def test_short_shots_at_the_edges_and_between_are_found(tmp_path: Path, length: int) -> None:
    lengths = [length, 20, 3, 20, length]
    pictures = [picture for seed, count in enumerate(lengths) for picture in scene(seed, count)]
    assert starts_of(shots_of(tmp_path, pictures)) == [0, *(int(n) * FRAME_MS for n in np.cumsum(lengths)[:-1])]


def test_a_fast_pan_is_one_shot(tmp_path: Path) -> None:
    assert len(shots_of(tmp_path, scene(1, 40, drift=9))) == 1


def test_a_pan_of_repeated_pictures_is_one_shot(tmp_path: Path) -> None:
    pan = [picture for picture in scene(1, 14, drift=24) for _ in range(3)]  # animation on threes
    assert len(shots_of(tmp_path, pan)) == 1


def test_stills_that_follow_each_other_are_shots(tmp_path: Path) -> None:
    stills = [scene(seed, 1)[0] for seed in range(4) for _ in range(10)]
    assert starts_of(shots_of(tmp_path, stills)) == [0, 400, 800, 1200]


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("drift", [0, 1])
def test_a_flash_is_no_cut(tmp_path: Path, length: int, drift: int) -> None:
    pictures = scene(1, 40, drift=drift)
    for number in range(20, 20 + length):
        pictures[number] = np.full_like(pictures[number], 255)
    assert len(shots_of(tmp_path, pictures)) == 1


def test_a_flash_on_a_cut_does_not_hide_it(tmp_path: Path) -> None:
    pictures = scene(1, 20) + scene(2, 20)
    pictures[20] = np.full_like(pictures[20], 255)
    shots = shots_of(tmp_path, pictures)
    assert len(shots) == 2
    assert shots[1].start_ms in (20 * FRAME_MS, 21 * FRAME_MS)


def test_a_fade_through_black_parts_two_shots_in_its_middle(tmp_path: Path) -> None:
    down, black, up = np.linspace(1, 0, 12), np.zeros(8), np.linspace(0, 1, 12)
    levels = np.concatenate([np.ones(15), down, black, up, np.ones(15)])
    places = scene(1, 31) + scene(2, 31)
    faded = [(picture * level).astype(np.uint8) for picture, level in zip(places, levels, strict=True)]
    finder = sweep_of(tmp_path, faded).finder
    (fade_ms,) = finder.soft_cuts_ms
    assert 27 * FRAME_MS <= fade_ms <= 35 * FRAME_MS
    assert starts_of(finder.finish()) == [0, fade_ms]


def test_a_black_start_belongs_to_the_first_shot(tmp_path: Path) -> None:
    levels = np.concatenate([np.zeros(10), np.linspace(0, 1, 15), np.ones(15)])
    pictures = [(p * level).astype(np.uint8) for p, level in zip(scene(1, 40), levels, strict=True)]
    assert len(shots_of(tmp_path, pictures)) == 1


def test_cuts_of_a_variable_rate_stand_on_their_times(tmp_path: Path) -> None:
    pictures = scene(1, 20) + scene(2, 20)
    times = [number * 40 + (number // 5) * 60 for number in range(40)]
    assert starts_of(shots_of(tmp_path, pictures, times_ms=times)) == [0, times[20]]


def test_one_frame_is_one_shot(tmp_path: Path) -> None:
    assert shots_of(tmp_path, scene(1, 1)) == (Shot(index=0, start_ms=0, end_ms=FRAME_MS, key_frame_ms=0),)


def test_progress_may_stop_the_search(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(share: float, step: str) -> None:
        raise Stopped

    video = write_video(tmp_path / "video.mp4", scene(1, 5))
    with pytest.raises(Stopped):
        find_shots(video, on_progress=stop)


class Log:
    """Notes what a sweep tells a follower, and how far the finder had looked by then."""

    def __init__(self, finder: ShotFinder) -> None:
        self.finder = finder
        self.seen = 0
        self.told: list[tuple[int, bool]] = []
        self.late: list[int] = []
        self.closed: list[tuple[Shot, ...]] = []

    def see(self, picture: passes.Picture) -> None:
        self.seen = picture.index
        self.closed.append(self.finder.closed_shots())

    def follow(self, picture: passes.Picture, starts_shot: bool) -> None:
        self.told.append((picture.index, starts_shot))
        self.late.append(self.seen - picture.index)


def sweep_of(tmp_path: Path, pictures: list[Picture]) -> Log:
    video = write_video(tmp_path / "video.mp4", pictures)
    finder = ShotFinder(Options(), (160, 96), len(pictures) * FRAME_MS)
    log = Log(finder)
    passes.sweep(video, duration_ms=0, watchers=[log], followers=[log], cuts=finder)
    return log


def test_every_picture_is_given_back_in_order_with_its_cut(tmp_path: Path) -> None:
    log = sweep_of(tmp_path, scene(1, 20) + scene(2, 3) + scene(3, 12))
    assert log.told == [(number, number in (0, 20, 23)) for number in range(35)]
    assert max(log.late) <= 3 + LOT - 1


def test_pictures_are_held_no_longer_than_the_reach_where_they_repeat(tmp_path: Path) -> None:
    stills = [scene(seed, 1)[0] for seed in range(3) for _ in range(40)]
    log = sweep_of(tmp_path, stills)
    assert [index for index, starts in log.told if starts] == [0, 40, 80]
    assert max(log.late) <= 8 + LOT - 1


def test_shots_are_shown_as_soon_as_they_have_ended(tmp_path: Path) -> None:
    log = sweep_of(tmp_path, scene(1, 20) + scene(2, 33) + scene(3, 12))
    assert log.closed[20] == ()
    assert log.closed[25] == (Shot(index=0, start_ms=0, end_ms=800, key_frame_ms=400),)
    assert log.closed[-1] == log.finder.finish()[:2]


def test_the_score_is_that_of_content_detector() -> None:
    class Asked(ContentDetector):
        def score(self, index: int, picture: Picture) -> float:
            self.process_frame(FrameTimecode(index, fps=25.0), picture)
            return float(self._frame_score or 0.0)

    asked, measurer = Asked(), Measurer(Options())
    pictures = scene(1, 4) + scene(2, 4)
    lots = [pictures[:1], pictures[1:3], pictures[3:]]
    ours = [row.change for lot in lots for row in measurer.measure(lot, [40] * len(lot))]
    assert ours == pytest.approx([asked.score(index, picture) for index, picture in enumerate(pictures)])


def dissolve(before: list[Picture], after: list[Picture], frames: int) -> list[Picture]:
    """Join two shots: the last `frames` of one are mixed with the first of the other."""
    shares = np.linspace(0, 1, frames + 2)[1:-1]
    mixed = [
        (old * (1 - share) + new * share).astype(np.uint8)
        for old, new, share in zip(before[-frames:], after[:frames], shares, strict=True)
    ]
    return before[:-frames] + mixed + after[frames:]


@pytest.mark.parametrize("frames", [8, 14, 25, 40])
def test_a_dissolve_starts_a_shot_in_its_middle(tmp_path: Path, frames: int) -> None:
    pictures = dissolve(scene(1, 70, drift=0), scene(2, 70, drift=0), frames)
    finder = sweep_of(tmp_path, pictures).finder
    (soft_ms,) = finder.soft_cuts_ms
    assert abs(soft_ms - (70 - frames / 2) * FRAME_MS) <= 4 * FRAME_MS
    assert starts_of(finder.finish()) == [0, soft_ms]


def test_a_long_dissolve_of_a_doubled_rate_is_found_too(tmp_path: Path) -> None:
    pictures = dissolve(scene(1, 200, drift=0), scene(2, 200, drift=0), 160)
    video = write_video(tmp_path / "video.mp4", pictures, rate=60)
    assert len(find_shots(video)) == 2


def test_a_short_fade_with_a_logo_before_it_is_one_cut(tmp_path: Path) -> None:
    levels = np.concatenate([np.ones(40), np.linspace(1, 0, 10), np.linspace(0, 1, 10), np.ones(40)])
    places = scene(1, 50, drift=0) + scene(2, 50, drift=0)
    faded = [(picture * level).astype(np.uint8) for picture, level in zip(places, levels, strict=True)]
    for picture in faded:
        picture[4:12, 140:156] = 255
    shots = shots_of(tmp_path, faded)
    assert len(shots) == 2
    assert abs(shots[1].start_ms - 50 * FRAME_MS) <= 2 * FRAME_MS


def test_a_fade_in_after_a_cut_to_black_belongs_to_the_cut(tmp_path: Path) -> None:
    levels = np.concatenate([np.zeros(12), np.linspace(0, 1, 15), np.ones(40)])
    second = [(p * level).astype(np.uint8) for p, level in zip(scene(2, 67, drift=0), levels, strict=True)]
    assert starts_of(shots_of(tmp_path, scene(1, 40) + second)) == [0, 40 * FRAME_MS]


@pytest.mark.parametrize("lot", [1, 3, 8])
def test_what_is_measured_does_not_depend_on_how_many_pictures_come_together(lot: int) -> None:
    joined = dissolve(scene(1, 120, drift=0), scene(2, 120, drift=0), 25)
    pictures = [*joined, *[np.zeros_like(joined[0])] * 3, *scene(3, 20)]
    lots = [pictures[first : first + lot] for first in range(0, len(pictures), lot)]
    together, apart = Measurer(Options()), Measurer(Options())
    assert [row for some in lots for row in apart.measure(some, [0] * len(some))] == together.measure(
        pictures, [0] * len(pictures)
    )
    rules = Dissolves(Options()), Dissolves(Options())
    changes = [change for some in lots for change in rules[0].add(thumbnails(some))] + rules[0].end()
    assert changes
    assert changes == rules[1].add(thumbnails(pictures)) + rules[1].end()


def test_a_slow_pan_over_a_blurred_place_is_no_dissolve() -> None:
    ramp = np.linspace(0, 1, 600)
    place = np.stack([255 * ramp, 128 + 100 * np.sin(5 * ramp), 255 * (1 - ramp)], axis=1)
    rule = Dissolves(Options())
    views = [np.tile(place[number : number + 320], (180, 1, 1)).astype(np.uint8) for number in range(240)]
    changes = rule.add(thumbnails(views)) + rule.end()
    assert not any(change.sure for change in changes)


def test_a_cut_into_a_fast_pan_is_found(tmp_path: Path) -> None:
    """Each step of the pan changes the pixels as much as the cut does."""
    random = np.random.default_rng(5)
    noise = random.integers(60, 190, (180, 1100, 1)).astype(np.uint8)
    pan = [np.repeat(noise[:, 23 * number : 23 * number + 320], 3, axis=2) for number in range(30)]
    still = [np.full((180, 320, 3), (170, 125, 60), dtype=np.uint8)] * 30
    video = write_video(tmp_path / "video.mp4", still + pan)
    assert starts_of(find_shots(video)) == [0, 30 * FRAME_MS]


@pytest.mark.models
@pytest.mark.parametrize(("joined", "least", "most"), [(True, 0.3, 1.0), (False, 0.0, 0.1)])
def test_the_network_tells_a_dissolve_from_a_pan(joined: bool, least: float, most: float) -> None:
    pictures = scene(1, 130, (320, 180))
    if joined:
        pictures = dissolve(pictures[:75], scene(2, 75, (320, 180)), 20)
    judge = Judge()
    for picture in pictures:
        judge.add(picture)
    judge.ask(Change(55, 75, sure=False, best=1.0, middles=[(1.0, 65.0)]))
    assert judge.agreed(least)
    assert not judge.agreed(most + 0.01)


def test_the_network_is_asked_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("workers.analysers.shots.judge._probability", lambda *of: asked.append(of) or 1.0)
    judge = Judge()
    for picture in scene(1, 150, (320, 180)):
        judge.add(picture)
        judge.ask(Change(0, 1, sure=False, best=1.0, middles=[(1.0, 1.0)]))
    assert len(judge.agreed(0.5)) == len(asked) == 3


@given(data=st.data(), frames=st.integers(1, 200))
def test_shots_tile_the_video_whatever_the_cuts(data: st.DataObject, frames: int) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, frames - 1))) if frames > 1 else set())
    times = [number * 1001 // 24 for number in range(frames)]
    end_ms = frames * 1001 // 24
    shots = tile(times, cuts, end_ms)
    assert [shot.index for shot in shots] == list(range(len(cuts) + 1))
    assert shots[0].start_ms == 0
    assert shots[-1].end_ms == end_ms
    assert all(before.end_ms == after.start_ms for before, after in itertools.pairwise(shots))
    assert all(shot.start_ms <= shot.key_frame_ms < shot.end_ms for shot in shots)


@needs_shared
def test_every_marked_cut_of_the_sample_dialogue_is_found_and_no_other() -> None:
    folder = SHARED / "data" / "meld" / "dialogue65"
    marked = json.loads((folder / "cuts.json").read_text())
    shots = find_shots(folder / "episode.mp4")
    found = starts_of(shots)[1:]
    near = 2  # the marks are rounded to milliseconds
    assert all(any(abs(cut - time) <= near for time in found) for cut in marked["cuts_ms"])
    allowed = marked["cuts_ms"] + marked["joins_ms"]  # a join of two clips may or may not show
    assert all(any(abs(cut - time) <= near for cut in allowed) for time in found)
    assert shots[-1].end_ms == 33_534


@needs_shared
@pytest.mark.parametrize(
    ("name", "cuts_ms"),  # seen by eye, frame by frame
    [
        ("no_audio_counter.mp4", [1000, 2000]),
        ("variable_frame_rate.mp4", [3754, 8759]),
        ("no_duration.webm", []),
    ],
)
def test_cuts_of_odd_media(name: str, cuts_ms: list[int]) -> None:
    assert starts_of(find_shots(SHARED / "data" / "odd_media" / name)) == [0, *cuts_ms]
