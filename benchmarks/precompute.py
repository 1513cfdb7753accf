"""How fast an episode is prepared: python -m benchmarks.precompute VIDEO [--minutes 5]; `make bench-precompute VIDEO=`.

The video is repeated to the length asked for, imported and analysed by real workers on a data folder of its own, as
`make serve` does it. Everything from the import's begin to the last job's end is counted, model loading and database
included; only starting the idle workers and the command is not. Printed beside it: pure decoding of the same file in
the same run, a second run, and the naive way: each tool's own command on every frame or several a second, measured on
a part.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import naive
from benchmarks.processes import Cost, Meter, timed_command, wait_until_idle
from benchmarks.repeat import repeat_media
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import video_length

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
WORKER_COMMAND = [
    *(sys.executable, "-m", "celery", "-A", "webapp.celery_app", "worker", "--pool=solo"),
    *("--loglevel=INFO", "--without-gossip", "--without-mingle", "-Q", "cpu,gpu"),
]


@dataclass(frozen=True, slots=True)
class Media:
    video: Path
    subtitles: Path | None
    transcript: Path | None


@dataclass(frozen=True, slots=True)
class Run:
    wall_s: float
    cost: Cost
    first_shots_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("--minutes", type=float, default=5.0, help="length to repeat the video to (default: 5)")
    parser.add_argument("--subtitles", type=Path, help="subtitle file; without it they are read from the picture")
    parser.add_argument("--transcript", type=Path, help="transcript; repeated as the video is")
    parser.add_argument("--encode", action="store_true", help="bring it as HEVC, so that it cannot be copied")
    parser.add_argument("--without-naive", action="store_true", help="leave the naive way out (it takes minutes)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="affectory-bench-") as folder:
        place = Path(folder)
        texts = (options.subtitles, options.transcript)
        media = Media(*repeat_media(options.video, texts, options.minutes * 60, place, hevc=options.encode))
        report(media, place, naive_too=not options.without_naive)


def report(media: Media, place: Path, *, naive_too: bool) -> None:
    duration_ms, frames, width, height = video_length(media.video)
    video_s = duration_ms / 1000
    print(f"{video_s:.1f} s of {width}x{height}, {frames} frames, {os.cpu_count()} cores")
    before = decode(media.video)
    with prepared(place / "data") as workers:
        first = analyse(media, place / "data", workers)
        print_steps(place / "data", video_s)
        second = analyse(media, place / "data", workers)
    after = decode(media.video)
    decode_wall, decode_cpu = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    print_run("pure decoding", video_s, decode_wall, decode_cpu)
    print_run("whole pre-computation", video_s, first.wall_s, first.cost.cpu_s)
    print(f"  CPU against pure decoding  {first.cost.cpu_s / decode_cpu:.2f} x   (target: 3.7, outstanding: 3)")
    print(f"  wall against pure decoding {first.wall_s / decode_wall:.2f} x")
    print(f"  peak memory                {first.cost.peak_mb:.0f} MB over all processes (target: 1500)")
    for name, mb in first.cost.peak_parts:
        print(f"    {mb:6.0f} MB {name}, after {first.cost.peak_after_s:.0f} s")
    print(f"  first shots on screen      {first.first_shots_s:.1f} s (target: 10)")
    print(f"  second run                 {second.wall_s:.1f} s (target: 2)")
    if naive_too:
        print("the naive way, measured on a part and scaled:")
        total = 0.0
        for name, cpu_s in naive.costs(media.video, place):
            total += cpu_s
            print_run(name, video_s, None, cpu_s)
        print_run("all of it", video_s, None, total)
        print(f"  {total / first.cost.cpu_s:.0f} times the CPU of the pre-computation")


def decode(video: Path) -> tuple[float, float]:
    """Return wall and CPU seconds of decoding every frame and throwing it away, with as many threads as cores."""
    return timed_command([ffmpeg_path(), "-v", "error", "-i", str(video), "-map", "0:v:0", "-f", "null", "-"])


@contextmanager
def prepared(data: Path) -> Iterator[list[int]]:
    """Make an empty data folder and start idle workers on it; yields their process numbers."""
    environment = _environment(data)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    with (data / "workers.log").open("wb") as log:
        workers = [
            subprocess.Popen(
                [*WORKER_COMMAND, *(["-B"] if number == 0 else [])],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            for number in range(WORKERS)
        ]
        try:
            wait_until_ready(data / "workers.log", WORKERS, " ready.")
            wait_until_idle([worker.pid for worker in workers])  # what they start beside them is ready later
            yield [worker.pid for worker in workers]
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(timeout=30)


def wait_until_ready(log: Path, count: int, words: str) -> None:
    """Wait until these words were written so many times."""
    deadline = time.monotonic() + 60
    while log.read_text(errors="replace").count(words) < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"It did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)


def analyse(media: Media, data: Path, workers: list[int]) -> Run:
    """Import and analyse; what it costs to import and to ask for the end is counted too."""
    texts: list[str] = []
    if media.subtitles:
        texts += ["--subtitles", str(media.subtitles)]
    if media.transcript:
        texts += ["--transcript", str(media.transcript)]
    command = [sys.executable, "-m", "benchmarks.bring", str(media.video), *texts]
    with (data / "bring.log").open("wb") as log:
        bring = subprocess.Popen(
            command, cwd=ROOT, env=_environment(data), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT
        )
        wait_until_ready(data / "bring.log", 1, "ready\n")
        with Meter([*workers, bring.pid]) as meter:
            bring.communicate(b"\n")
            status = bring.wait()
    told = (data / "bring.log").read_text()
    if status != 0:
        raise SystemExit(f"The analysis failed:\n{told}\n{(data / 'workers.log').read_text(errors='replace')[-1500:]}")
    seconds = dict(line.split() for line in told.splitlines() if line.startswith(("first-shots ", "prepared ")))
    return Run(float(seconds["prepared"]), meter.cost, float(seconds.get("first-shots", 0)))


def print_steps(data: Path, video_s: float) -> None:
    code = (
        "import django; django.setup();"
        "from webapp.jobs.models import Job;"
        "[print(j.name, (j.finished_at - j.started_at).total_seconds()) for j in Job.objects.filter(kind='analysis')"
        ".order_by('started_at')]"
    )
    environment = {**_environment(data), "DJANGO_SETTINGS_MODULE": "webapp.settings.embedded"}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    print("steps (shots, subtitles, faces, surroundings and shot_looks share one pass):")
    for line in told.stdout.splitlines():
        name, seconds = line.split()
        print_run(f"  {name}", video_s, float(seconds), None)


def print_run(name: str, video_s: float, wall_s: float | None, cpu_s: float | None) -> None:
    wall = f"{wall_s:8.1f} s {video_s / max(wall_s, 1e-3):8.1f} x real time" if wall_s is not None else " " * 31
    cpu = f"   {cpu_s:8.1f} CPU-s" if cpu_s is not None else ""
    print(f"{name:<28}{wall}{cpu}")


def _environment(data: Path) -> dict[str, str]:
    data.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if not name.startswith("AFFECTORY_")}
    weights = os.environ.get("AFFECTORY_WEIGHTS")
    return {**kept, "AFFECTORY_DATA": str(data), **({"AFFECTORY_WEIGHTS": weights} if weights else {})}


if __name__ == "__main__":
    if not shutil.which("ffmpeg") and not Path(ffmpeg_path()).exists():
        raise SystemExit("There is no ffmpeg. Run make install.")
    main()
