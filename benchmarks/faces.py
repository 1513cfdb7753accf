"""How well faces are found where it is hard: python -m benchmarks.faces VIDEO.

The video is scored as it is, darkened and with its picture shrunk: of the faces that MTCNN finds in frames of full size
(smallest face 20 pixels, facenet-pytorch's thresholds) the share that the tracks have, the share of tracked places that
MTCNN sees a face at, and the CPU time beyond decoding. A reference face counts from a score of .95: below, most are
hands, ears and the backs of heads.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.scores import box_at, face_recall, overlap
from workers.analysers.errors import AnalysisError
from workers.analysers.faces import find_faces
from workers.analysers.faces.detector import PUBLISHED, FaceDetector
from workers.analysers.facts import Box, FaceTrack, Shot
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import iter_frames
from workers.analysers.shots import find_shots
from workers.analysers.sweep import pictures

_SMALLEST: Final = 20
_SURE: Final = 0.95
_COPIES: Final = {
    "as it is": None,
    "darkened to .3": "lutyuv=y=16+(val-16)*0.3:u=128+(val-128)*0.5:v=128+(val-128)*0.5",
    "shrunk to .35": "scale=trunc(iw*0.175)*2:trunc(ih*0.175)*2,pad=iw/0.35:ih/0.35:(ow-iw)/2:(oh-ih)/2:gray",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument(
        "--every-ms", type=int, default=200, help="how often MTCNN looks (default: 200; 1: every frame)"
    )
    options = parser.parse_args()
    print(f"{'':<16}{'found':>8}{'of':>7}{'recall':>9}{'right':>8}{'people':>8}{'CPU ms/s':>10}{'x decoding':>12}")
    try:
        shots = find_shots(options.video)
        with tempfile.TemporaryDirectory() as folder:
            for name, picture_filter in _COPIES.items():
                video = (
                    _copy(options.video, Path(folder, "copy.mp4"), picture_filter) if picture_filter else options.video
                )
                _score(name, video, shots, options.every_ms)
    except (AnalysisError, OSError, subprocess.CalledProcessError) as error:
        print(f"The benchmark could not be run: {error}", file=sys.stderr)
        return 2
    return 0


def _copy(video: Path, target: Path, picture_filter: str) -> Path:
    command = [ffmpeg_path(), "-v", "error", "-y", "-nostdin", "-i", str(video), "-vf", picture_filter, "-an"]
    subprocess.run([*command, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", str(target)], check=True)
    return target


def _score(name: str, video: Path, shots: Sequence[Shot], every_ms: int) -> None:
    started = time.process_time()
    for _ in pictures(video):
        pass
    decoded = time.process_time() - started
    started = time.process_time()
    facts = find_faces(video, shots)
    cost = time.process_time() - started - decoded
    detector = FaceDetector()
    all_faces, sure = {}, {}
    for time_ms, picture in iter_frames(video, every_ms=every_ms):
        found = detector.detect(picture, _SMALLEST, PUBLISHED)
        all_faces[time_ms] = [face.box for face in found]
        sure[time_ms] = [face.box for face in found if face.score >= _SURE]
    recall = face_recall(facts.tracks, sure)
    right = _share_right(facts.tracks, all_faces)
    print(
        f"{name:<16}{recall.found:>8}{recall.truth:>7}{recall.recall:>9.3f}{right:>8.3f}{len(facts.identities):>8}"
        f"{1e6 * cost / shots[-1].end_ms:>10.0f}{cost / decoded:>12.2f}",
        flush=True,
    )


def _share_right(tracks: Sequence[FaceTrack], reference: Mapping[int, Sequence[Box]]) -> float:
    """Return the share of tracked places at which the reference has any face."""
    places = [
        any(overlap(box, face) > 0.3 for face in faces)
        for time_ms, faces in reference.items()
        for track in tracks
        if (box := box_at(track, time_ms)) is not None
    ]
    return sum(places) / len(places) if places else 1.0


if __name__ == "__main__":
    sys.exit(main())
