"""The steps that look at pictures, done in one pass: every frame of the proxy is decoded once for all of them.

Each is a job of its own, with its own version, progress and end; a worker claims all that wait and shows them the same
frames (see `workers.analysers.sweep`). What goes wrong in one does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.analysers import facts
from workers.analysers.faces import FaceTap
from workers.analysers.features.scene import SurroundingsTap
from workers.analysers.frames import Damage
from workers.analysers.shots import ShotFinder
from workers.analysers.story_segments import LooksTap
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.subtitles import TextTap
from workers.analysers.sweep import Cuts, Follower, KnownCuts, Picture, Watcher, sweep
from workers.steps.context import StepContext
from workers.steps.shown import ShownShots
from workers.steps.vision import current_proxy, current_shots

#: In this order steps end: shots come first, because faces need them, and what is ready soon.
_ORDER = ("shots", "surroundings", "subtitles", "shot_looks", "faces")
#: Of the run, the part that is over when all pictures were seen.
_SEEN = 0.95

#: Called with a step's name and what it found; ends its job.
Done = Callable[[str, Any], None]
#: Called with the name of a step that cannot go on.
Failed = Callable[[str, Exception], None]


class ProxyDamaged(Exception):
    """Pictures were copied into the proxy that cannot all be decoded: it has to be encoded."""

    def __init__(self, damage: Damage) -> None:
        self.message = (
            f"{damage.packets} pictures of the source cannot be decoded, {damage.pictures} only in part. "
            "The proxy is written anew, by encoding what can be seen."
        )
        super().__init__(self.message)


@dataclass
class _Part:
    """One step's share of the pass: it stops at its first error, and the others go on."""

    name: str
    finish: Callable[[], Any]
    watcher: Watcher | None = None
    follower: Follower | None = None
    error: Exception | None = field(default=None, init=False)

    def see(self, picture: Picture) -> None:
        if self.watcher is not None and self.error is None:
            try:
                self.watcher.see(picture)
            except Exception as error:  # whatever it is: it is this step's alone
                self.error = error

    def follow(self, picture: Picture, starts_shot: bool) -> None:
        if self.follower is not None and self.error is None:
            try:
                self.follower.follow(picture, starts_shot)
            except Exception as error:
                self.error = error


def look_together(contexts: Mapping[str, StepContext], done: Done, failed: Failed, show: ShownShots) -> None:
    """Do the picture steps whose contexts are given, all of one proxy, and end each as it is ready.

    `show` gets the shots that are found so far, now and then. Raises ProxyDamaged before anything but subtitles from a
    file has ended, AnalysisError `video_unreadable`, and what a context's progress raises.
    """
    waiting = dict(contexts)
    if "subtitles" in waiting and (context := waiting["subtitles"]).episode.subtitles:
        _end(waiting.pop("subtitles"), lambda: read_subtitles(context.path(context.episode.subtitles)), done, failed)
    if not waiting:
        return
    anyone = next(iter(waiting.values()))
    proxy = current_proxy(anyone)
    shots = waiting.get("shots")
    finder = ShotFinder(shots.options, (proxy.width, proxy.height), proxy.duration_ms) if shots else None
    parts = _open_parts(waiting, proxy, finder, failed)
    damage = Damage()

    def progress(share: float, doing: str) -> None:
        for part in parts:
            waiting[part.name].progress(_SEEN * share, doing)
        if finder is not None and shots is not None:
            show(shots, finder.closed_shots())

    sweep(
        proxy.video_path,
        duration_ms=proxy.duration_ms,
        watchers=parts,
        followers=parts,
        cuts=finder or _known_cuts(waiting),
        damage=damage,
        on_progress=progress,
    )
    if damage and proxy.copied:
        raise ProxyDamaged(damage)
    for part in parts:
        if part.error is not None:
            failed(part.name, part.error)
        else:
            _end(waiting[part.name], part.finish, done, failed)


def _end(context: StepContext, finish: Callable[[], Any], done: Done, failed: Failed) -> None:
    try:
        found = finish()
    except Exception as error:
        failed(context.job.name, error)
    else:
        done(context.job.name, found)


def _open_parts(
    contexts: Mapping[str, StepContext], proxy: facts.Proxy, finder: ShotFinder | None, failed: Failed
) -> Sequence[_Part]:
    parts = []
    for name in sorted(contexts, key=_ORDER.index):
        try:
            parts.append(_open_part(name, contexts[name].options, proxy, finder))
        except Exception as error:
            failed(name, error)
    return parts


def _open_part(name: str, options: Any, proxy: facts.Proxy, finder: ShotFinder | None) -> _Part:
    match name:
        case "shots":
            assert finder is not None
            return _Part(name, finder.finish)
        case "subtitles":
            text = TextTap(options)
            return _Part(name, text.finish, watcher=text)
        case "surroundings":
            surroundings = SurroundingsTap(options)
            return _Part(name, surroundings.finish, watcher=surroundings)
        case "shot_looks":
            looks = LooksTap(options)
            return _Part(name, lambda: looks.finish(finder.soft_cuts_ms if finder else ()), follower=looks)
        case _:
            faces = FaceTap(options, (proxy.width, proxy.height), proxy.duration_ms)
            return _Part(name, lambda: faces.finish(finder.soft_cuts_ms if finder else ()), follower=faces)


def _known_cuts(contexts: Mapping[str, StepContext]) -> Cuts:
    """Return the shots that a step was planned on; nobody asks for them where none of the steps follows shots."""
    follower = contexts.get("faces") or contexts.get("shot_looks")
    return KnownCuts([shot.start_ms for shot in current_shots(follower)] if follower else ())
