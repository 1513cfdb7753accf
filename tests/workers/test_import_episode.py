"""Taking an episode in: everything is checked before anything is kept, and a refusal leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.webapp.threads import at_once
from tests.workers.videos import make_video
from webapp.corpus.models import Character, Episode, Series
from webapp.corpus.storage import LocalStorage
from workers.analysers.errors import AnalysisError
from workers.importing import Imported, import_episode

pytestmark = pytest.mark.usefixtures("media_root")

SRT = "1\n00:00:00,100 --> 00:00:00,900\nHello there.\n\n2\n00:00:01,000 --> 00:00:01,800\nGeneral café.\n"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("videos") / "e01.MP4")


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def take_in(video: Path, **values: Any) -> Imported:
    return import_episode(video, **{"series": "Friends", "title": "Pilot", **values})


def refused(code: str, video: Path, **values: Any) -> str:
    """Import what must be refused with this code; check that nothing is left of it; return the message."""
    media = Path(settings.MEDIA_ROOT)
    before = (Episode.objects.count(), Series.objects.count(), Character.objects.count(), files_under(media))
    with pytest.raises(AnalysisError) as error:
        take_in(video, **values)
    assert error.value.code == code
    assert (Episode.objects.count(), Series.objects.count(), Character.objects.count(), files_under(media)) == before
    assert not [path for path in media.glob("episodes/*") if not any(path.iterdir())], "no empty folder"
    assert "\n" not in error.value.message
    return error.value.message


@pytest.mark.django_db
def test_an_episode_is_copied_with_its_texts_and_described(video: Path, tmp_path: Path, media_root: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT)
    (tmp_path / "b.txt").write_text("Rachel: Hello there.\nRachel: Again.\nGunther: General café.\n")
    seen: list[int] = []
    imported = take_in(video, subtitles=tmp_path / "a.srt", transcript=tmp_path / "b.txt", on_progress=seen.append)
    episode = imported.episode
    assert sum(seen) == video.stat().st_size == episode.source_bytes
    assert (episode.source_name, str(episode), episode.language) == ("e01.MP4", "Friends · Pilot", "en")
    assert (media_root / episode.source).read_bytes() == video.read_bytes()
    assert files_under(media_root) == [
        f"{episode.folder}/{name}" for name in ("source.mp4", "subtitles.srt", "transcript.txt")
    ]
    assert abs(imported.duration_ms - 2_000) < 100
    mains = [(character.name, character.is_main) for character in imported.new_characters]
    assert mains == [("Rachel", True), ("Gunther", False)], "who says one line is another character"


@pytest.mark.django_db
def test_the_same_content_under_another_name_is_refused(video: Path, tmp_path: Path) -> None:
    number = take_in(video).episode.pk
    again = tmp_path / "other.mp4"
    again.write_bytes(video.read_bytes())
    assert f"it is episode {number} (Friends · Pilot)" in refused("known_content", again, title="Two")


@pytest.mark.django_db
def test_the_same_title_in_a_series_is_refused(video: Path, tmp_path: Path) -> None:
    take_in(video)
    assert "“Pilot” already" in refused("title_taken", make_video(tmp_path / "b.mp4", seconds=1, seed=1))


@pytest.mark.django_db(transaction=True)
def test_a_video_that_is_imported_twice_at_once_is_in_once(video: Path, tmp_path: Path) -> None:
    def attempt(number: int) -> str:
        try:
            take_in(video, title=f"Take {number}")
        except AnalysisError as error:
            return error.code
        return ""

    assert sorted(at_once(4, attempt)) == ["", "known_content", "known_content", "known_content"]
    episode = Episode.objects.get()
    assert files_under(Path(settings.MEDIA_ROOT)) == [episode.source]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda path: path.write_bytes(b""), "file_empty", id="zero bytes"),
        pytest.param(lambda path: path.write_text("It was a dark night."), "not_a_video", id="a text"),
        pytest.param(lambda path: path.write_bytes(os.urandom(50_000)), "not_a_video", id="noise"),
        pytest.param(lambda path: path.mkdir(), "not_a_file", id="a folder"),
        pytest.param(lambda path: None, "file_missing", id="nothing"),
    ],
)
def test_what_is_not_a_video_is_refused(tmp_path: Path, spoil: Callable[[Path], None], code: str) -> None:
    spoil(tmp_path / "x.mp4")
    refused(code, tmp_path / "x.mp4")


@pytest.mark.django_db
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_video_is_refused(video: Path, tmp_path: Path, share: float) -> None:
    content = video.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(content[: int(len(content) * share)])
    refused("truncated", tmp_path / "cut.mp4")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\nb", "a\0b", "\ud800"], ids=repr)
@pytest.mark.parametrize("field", ["series", "title"])
def test_a_name_that_is_none_is_refused(video: Path, field: str, name: str) -> None:
    refused("bad_name", video, **{field: name})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x" * 300 + ".mp4", "x" * 5000, "a\0b.mp4"], ids=["300", "5000", "NUL"])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert len(refused("file_missing", tmp_path / name)) < 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "shown", "suffix"),
    [
        ("ü" * 100 + ".mp4", "ü" * 100 + ".mp4", ".mp4"),
        ("x." + "y" * 200, "x." + "y" * 200, ""),
        (os.fsdecode(b"caf\xe9.mkv"), "caf�.mkv", ".mkv"),
        ("no suffix", "no suffix", ""),
        ("a.b c", "a.b c", ""),
    ],
    ids=["long", "long suffix", "Latin-1 name", "no suffix", "odd suffix"],
)
def test_odd_file_names_are_taken(video: Path, tmp_path: Path, name: str, shown: str, suffix: str) -> None:
    path = tmp_path / name
    path.write_bytes(video.read_bytes())
    episode = take_in(path).episode
    assert (episode.source_name, episode.source) == (shown, f"{episode.folder}/source{suffix}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"],
    ids=["UTF-8", "BOM", "UTF-16", "GB18030", "Latin-1"],
)
def test_texts_in_usual_encodings_are_taken(video: Path, tmp_path: Path, encoding: str) -> None:
    said = "你好，世界。我们走吧，今天天气很好。" if encoding == "gb18030" else "Déjà vu, café, garçon, été."
    (tmp_path / "a.srt").write_text(SRT.replace("General café.", said), encoding=encoding)
    (tmp_path / "b.txt").write_text(f"Rachel: {said}\nRachel: {said}\n", encoding=encoding)
    imported = take_in(video, subtitles=tmp_path / "a.srt", transcript=tmp_path / "b.txt")
    assert [character.name for character in imported.new_characters] == ["Rachel"]


@pytest.mark.django_db
def test_unordered_and_overlapping_cues_are_taken(video: Path, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(
        "2\n00:00:01,000 --> 00:00:01,800\nLate.\n\n1\n00:00:00,100 --> 00:00:01,500\nEarly.\n"
    )
    assert take_in(video, subtitles=tmp_path / "a.srt").episode.subtitles.endswith("/subtitles.srt")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"", b"It was a dark night.", b"\x00\x01\x02" * 100, b"1\n00:00:05,000 --> 00:00:01,000\nBackwards.\n"],
    ids=["empty", "a text", "binary", "only a cue that ends before it starts"],
)  # fmt: skip
def test_a_bad_subtitle_file_is_refused(video: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.srt").write_bytes(content)
    with pytest.raises(AnalysisError) as error:
        take_in(video, subtitles=tmp_path / "bad.srt")
    assert "bad.srt" in refused(error.value.code, video, subtitles=tmp_path / "bad.srt")


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["subtitles", "transcript"])
def test_a_text_that_is_not_there_is_refused(video: Path, tmp_path: Path, field: str) -> None:
    with pytest.raises(AnalysisError):
        take_in(video, **{field: tmp_path / "nothing.srt"})
    assert not Episode.objects.exists()


@pytest.mark.django_db
def test_known_speakers_stay_who_they_are_and_new_ones_are_added(video: Path, tmp_path: Path) -> None:
    series = Series.objects.create(name="Friends")
    Character.objects.create(series=series, name="Rachel", is_main=True, aliases=["Rach"])
    (tmp_path / "b.txt").write_text("RACH: One.\nGUNTHER: Two.\nGunther: Three.\nStranger: Four.\n")
    imported = take_in(video, transcript=tmp_path / "b.txt")
    assert [(c.name, c.is_main) for c in imported.new_characters] == [("GUNTHER", True), ("Stranger", False)]
    assert series.characters.count() == 3, "one person in two spellings is one character"


@pytest.mark.django_db
def test_a_full_disk_is_said_and_nothing_is_left(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalStorage, "put", full)
    assert "No space left on device" in refused("no_space", video)


@pytest.mark.django_db
def test_what_an_import_that_was_killed_left_does_not_hinder_the_next(video: Path, media_root: Path) -> None:
    episode = take_in(video).episode
    content = media_root / episode.folder
    Episode.objects.all().delete()
    (content / "subtitles.srt").write_text("left")
    assert take_in(video).episode.source == episode.source


@pytest.mark.django_db
def test_the_command_says_what_is_next(video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.txt").write_text("Rachel: One.\nRachel: Two.\nGunther: Three.\n")
    call_command("import_episode", str(video), series="Friends", title="Pilot", transcript=tmp_path / "b.txt")
    said = capsys.readouterr().out
    assert "Friends · Pilot (2.0 s)" in said
    assert "Rachel, Gunther (other)" in said
    assert f"analyse {Episode.objects.get().pk} --wait" in said


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing.mp4", "x" * 300, "."])
def test_the_command_refuses_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_episode", str(tmp_path / name), series="Friends", title="Pilot")
    assert "\n" not in str(error.value)
