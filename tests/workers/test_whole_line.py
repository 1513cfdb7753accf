"""From a video file to facts, a release and a trained baseline: real media through real models."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from tests.shared_data import SHARED, needs_shared
from webapp.annotation.models import Project
from webapp.corpus.facts_document import facts_document
from webapp.corpus.models import Episode, FaceTrack, Shot, SubtitleLine
from webapp.jobs.models import Job
from workers.demo import make_demo_episode

pytestmark = [pytest.mark.models, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]

DIALOGUE = SHARED / "data" / "meld" / "dialogue65"
ODD = SHARED / "data" / "odd_media"
STEPS = {
    *("proxy", "waveform", "shots", "subtitles", "faces", "surroundings"),
    *("speech", "alignment", "segments", "casting", "suggestions", "features"),
    *("shot_looks", "story_segments"),
}


def analysed(video: Path, **texts: Path) -> dict[str, Any]:
    """Import and analyse a video by command; return its facts document as the command's readers get it."""
    call_command("import_episode", str(video), series="Series", title=video.stem, **texts)
    episode = Episode.objects.get()
    call_command("analyse", str(episode.pk), here=True)
    return json.loads(json.dumps(facts_document(episode)))


def edit_distance_share(read: str, known: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(read, known) / len(known)


def assert_tiles(segments: list[dict[str, Any]], duration_ms: int) -> None:
    edges = [(segment["start_ms"], segment["end_ms"]) for segment in segments]
    assert edges[0][0] == 0
    assert edges[-1][1] == duration_ms
    assert all(left[1] == right[0] and left[0] < left[1] for left, right in pairwise(edges))


def annotate(project: Project, document: dict[str, Any], out: Path) -> None:
    """Let three annotators mark a moment every 4 s and agree on nearly everything."""
    name = {"series": "Series", "episode": document["episode"]["title"]}
    duration_ms = document["proxy"]["duration_ms"]
    segments = document["segments"]
    moments = range(2_000, duration_ms - 1_000, 4_000)
    lines = [
        {"kind": "moment", **name, "annotator": "anna", "id": str(uuid4()), "time_ms": time_ms} for time_ms in moments
    ]
    clips = {}
    for time_ms in moments:
        inside = [s for s in segments if s["end_ms"] > time_ms - 5_000 and s["start_ms"] < time_ms + 5_000]
        if inside[-1]["end_ms"] - inside[0]["start_ms"] < 30_000:
            clips[inside[0]["start_ms"], inside[-1]["end_ms"]] = None
    feelings = [("joy", "joy"), ("fear", "apprehension"), ("anticipation", "interest"), ("sadness", "pensiveness")]
    for place, (start_ms, end_ms) in enumerate(clips):
        for person, character in enumerate(("Nora", "June")):
            primary, fine = feelings[(place + person) % len(feelings)]
            one = {"status": "one", "primary": primary, "fine_grained": fine, "reasons": ["text", "visual"]}
            for annotator in ("anna", "ben", "chen"):
                answer = {"status": "several"} if annotator == "chen" and place % 3 == 0 else one
                where = {"clip": {"start_ms": start_ms, "end_ms": end_ms}, "annotator": annotator}
                line = {"kind": "state", **name, **where, "character": character, "client_id": str(uuid4()), **answer}
                lines.append(line)
    out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    call_command("import_annotations", project.name, str(out), create_annotators=True)


def test_the_demo_is_read_as_its_truth_says_and_becomes_a_trained_baseline(tmp_path: Path) -> None:
    demo = make_demo_episode(tmp_path / "demo")
    truth = json.loads(demo.truth.read_text(encoding="utf-8"))
    document = analysed(demo.video, transcript=demo.transcript)

    assert {row["analyser"] for row in document["analyses"] if row["status"] == "done"} == STEPS
    assert [shot["start_ms"] for shot in document["shots"]] == [0, *truth["cuts_ms"]]

    found = {row["character"]: row["screen_time_ms"] for row in document["faces"]["identities"]}
    known = {person["name"]: person["screen_time_ms"] for person in truth["people"]}
    assert found.keys() == known.keys()
    for name, screen_time_ms in known.items():
        assert found[name] == pytest.approx(screen_time_ms, abs=1_000)

    assert len(document["subtitles"]) == len(truth["subtitles"])
    for read, written in zip(document["subtitles"], truth["subtitles"], strict=True):
        assert edit_distance_share(read["text"], written["text"]) < 0.12
        assert read["start_ms"] == pytest.approx(written["start_ms"], abs=50)
        assert read["end_ms"] == pytest.approx(written["end_ms"], abs=50)
    read = "\n".join(line["text"] for line in document["subtitles"])
    assert edit_distance_share(read, "\n".join(line["text"] for line in truth["subtitles"])) < 0.03

    assert [line["speaker"] for line in document["utterances"]] == [line["speaker"] for line in truth["utterances"]]
    for line, spoken in zip(document["utterances"], truth["utterances"], strict=True):
        assert line["start_ms"] == pytest.approx(spoken["start_ms"], abs=350)
        assert line["end_ms"] == pytest.approx(spoken["end_ms"], abs=350)
    assert_tiles(document["segments"], document["proxy"]["duration_ms"])
    assert [segment["kind"] for segment in document["segments"]].count("visual") == 1  # the rocket, 5.8 s

    call_command("create_project", "Line", protocol="memor", episodes=[str(document["episode"]["id"])])
    project = Project.objects.get()
    annotate(project, document, tmp_path / "annotations.jsonl")
    call_command("export_dataset", "Line", out=tmp_path / "release")
    call_command("export_dataset", rebuild=tmp_path / "release", out=tmp_path / "again")
    files = sorted(path.relative_to(tmp_path / "release") for path in (tmp_path / "release").rglob("*.*"))
    assert files
    for file in files:
        assert (tmp_path / "release" / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file

    run = tmp_path / "run"
    call_command("train_baseline", str(tmp_path / "release"), "--model", "amer", "--epochs", "2", "--out", str(run))
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    assert 0 <= metrics["test"]["micro_f1"] <= 1
    assert (run / "confusion.csv").read_text(encoding="utf-8").count("\n") > 2


@needs_shared
def test_a_sitcom_dialogue_gives_two_people_speakers_and_times() -> None:
    document = analysed(
        DIALOGUE / "episode.mp4", subtitles=DIALOGUE / "episode.srt", transcript=DIALOGUE / "transcript.txt"
    )
    assert {row["status"] for row in document["analyses"]} == {"done"}

    lines = (DIALOGUE / "transcript.txt").read_text(encoding="utf-8").splitlines()
    speakers = [line.split(":")[0] for line in lines if line.strip()]
    assert [line["speaker"] for line in document["utterances"]] == speakers
    assert all(line["start_ms"] < line["end_ms"] and line["words"] for line in document["utterances"])
    assert sum(line["timing"] == "aligned" for line in document["utterances"]) >= 8
    assert_tiles(document["segments"], document["proxy"]["duration_ms"])

    longest = sorted(document["faces"]["identities"], key=lambda row: -row["screen_time_ms"])[:2]
    assert {row["character"] for row in longest} == {"Rachel", "Joanna"}
    assert all(row["screen_time_ms"] > 10_000 for row in longest)

    cuts = json.loads((DIALOGUE / "cuts.json").read_text(encoding="utf-8"))
    starts = {shot["start_ms"] for shot in document["shots"]}
    assert all(any(abs(start - cut) <= 42 for start in starts) for cut in cuts["cuts_ms"])


@needs_shared
@pytest.mark.parametrize("name", sorted(path.name for path in ODD.glob("*.*")) if ODD.is_dir() else [])
def test_odd_media_are_analysed_and_analysing_again_changes_nothing(name: str) -> None:
    document = analysed(ODD / name)
    assert {row["status"] for row in document["analyses"]} == {"done"}
    assert_tiles(document["segments"], document["proxy"]["duration_ms"])
    facts = {model: model.objects.count() for model in (Shot, FaceTrack, SubtitleLine)}
    call_command("analyse", str(document["episode"]["id"]), here=True)
    assert Job.objects.filter(kind=Job.Kind.ANALYSIS).count() == len(STEPS)
    assert {model: model.objects.count() for model in facts} == facts
