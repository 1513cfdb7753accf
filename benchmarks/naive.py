"""What preparing an episode costs when each tool is run by itself, as its manual says: the comparison of the benchmark.

Each tool decodes the video again and looks at every frame (cuts), at 4 frames a second (faces) or 2 (text). Faces and
text are measured on a few frames spread over the video, and scaled: all of them would take hours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.processes import timed_command
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import FrameGrabber, Pixels, video_length

_FACES_A_SECOND, _TEXTS_A_SECOND = 4, 2
_SAMPLES = 12
_ENCODED_S = 20


def costs(video: Path, place: Path) -> Iterator[tuple[str, float]]:
    """Yield (what, CPU seconds for the whole video)."""
    seconds = video_length(video)[0] / 1000
    part = min(_ENCODED_S, seconds)
    encode = [ffmpeg_path(), "-y", "-v", "error", "-t", str(part), "-i", str(video), "-c:v", "libx264"]
    _, cpu_s = timed_command([*encode, "-preset", "medium", str(place / "naive.mp4")])
    yield "x264 medium", cpu_s * seconds / part
    yield "PySceneDetect, every frame", _scenes(video)
    yield f"MTCNN, {_FACES_A_SECOND} a second", _sampled(video, _mtcnn()) * seconds * _FACES_A_SECOND
    yield f"EasyOCR, {_TEXTS_A_SECOND} a second", _sampled(video, _easyocr()) * seconds * _TEXTS_A_SECOND


def _scenes(video: Path) -> float:
    from scenedetect import AdaptiveDetector, detect

    before = time.process_time()
    detect(str(video), AdaptiveDetector())
    return time.process_time() - before


def _mtcnn() -> Callable[[Pixels], Any]:
    from workers.analysers.torch_compat import prepare_torchvision

    prepare_torchvision()
    from facenet_pytorch import MTCNN

    net = MTCNN(keep_all=True)
    return lambda picture: net.detect(picture)


def _easyocr() -> Callable[[Pixels], Any]:
    from workers.analysers.ocr import choose_reader

    reader = choose_reader(("en",), "easyocr")
    return lambda picture: reader.read(picture)


def _sampled(video: Path, look: Callable[[Pixels], Any]) -> float:
    """Return the CPU seconds that one frame takes, the mean over frames spread over the video, after a first one."""
    duration_ms = video_length(video)[0]
    with FrameGrabber(video) as grabber:
        frames = [grabber.grab(duration_ms * place // _SAMPLES) for place in range(_SAMPLES)]
    look(frames[0])
    before = time.process_time()
    for frame in frames:
        look(frame)
    return (time.process_time() - before) / len(frames)
