"""The steps that look at pictures, done in one pass: every frame of the proxy is decoded once for all of them.

Each is a job of its own, with its own version, progress and end; a worker claims all that wait and shows them the same
frames (see `workers.analysers.sweep`). What goes wrong in one does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.analysers import facts, freed
from workers.analysers.faces import FaceTap
from workers.analysers.facts import Progress, no_progress
from workers.analysers.features.scene import SurroundingsTap
from workers.analysers.frames import Damage
from workers.analysers.shots import ShotFinder
from workers.analysers.story_segments import LooksTap
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.subtitles import TextTap
from workers.analysers.sweep import Cuts, Follower, Form, KnownCuts, Picture, Watcher, pictures, show_all
from workers.reporting import Reporter
from workers.steps import IN_ONE_PASS
from workers.steps.context import StepContext
from workers.steps.shown import ShownShots
from workers.steps.vision import current_proxy, current_shots

#: Of the run, the part that is over when all pictures were seen; and what is said until then.
SEEN, LOOKING = 0.95, "looking at the pictures"

#: Freed memory goes back to the system once the networks are loaded, and then every minute and a half of the video:
#: 2 ms, where an hour would leave 60 MB between what is held.
_GIVE_BACK_AFTER, _GIVE_BACK_EVERY = 500, 2000

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


class PicturePass:
    """Steps that look at pictures, while they see the same ones: `look` once, then `end`.

    It knows no job: what it finds is for whoever holds the jobs when it ends. What goes wrong in one step is told at
    its end and does not stop the others.
    """

    def __init__(
        self, options: Mapping[str, Any], size: tuple[int, int], duration_ms: int, cuts: Cuts | None = None
    ) -> None:
        """Get the steps ready whose options are given, for a proxy of a size (width, height) in pixels and a length.

        `cuts` are the shots where they were found before.
        """
        self._duration_ms = duration_ms
        self._finder = ShotFinder(options["shots"], size, duration_ms) if "shots" in options else None
        self._cuts = self._finder or cuts
        self._parts: list[_Part] = []
        """Those that have not ended, in order."""
        self.refused: dict[str, Exception] = {}
        """Why a step cannot even begin."""
        for name in sorted(options, key=IN_ONE_PASS.index):
            try:
                self._parts.append(_open_part(name, options[name], size, duration_ms, self._finder))
            except Exception as error:
                self.refused[name] = error

    @property
    def form(self) -> Form | None:
        """What every picture is looked at in, if any."""
        return self._finder.form if self._finder else None

    def look(self, passing: Iterable[Picture], on_progress: Progress = no_progress) -> int:
        """Show all pictures to the steps; return how many there were. Raises what the pictures or a report raise."""
        return show_all(
            _giving_back(passing),
            duration_ms=self._duration_ms,
            watchers=self._parts,
            followers=self._parts,
            cuts=self._cuts,
            on_progress=on_progress,
        )

    def shots_so_far(self) -> tuple[facts.Shot, ...]:
        """Return the shots that have ended so far; another thread may ask, too."""
        return self._finder.closed_shots() if self._finder else ()

    def end(self, names: Collection[str], done: Done, failed: Failed) -> None:
        """All pictures were seen: end each of the named steps as it is ready."""
        for name in self.refused.keys() & set(names):
            failed(name, self.refused[name])
        while self._parts:  # each is forgotten when it has ended: others need the memory now
            freed.give_back()
            part = self._parts.pop(0)
            if part.name not in names:
                continue
            if part.error is not None:
                failed(part.name, part.error)
            else:
                _end(part.name, part.finish, done, failed)


def _giving_back(passing: Iterable[Picture]) -> Iterator[Picture]:
    for number, picture in enumerate(passing):
        if number % _GIVE_BACK_EVERY == _GIVE_BACK_AFTER:
            freed.give_back()
        yield picture


def look_together(contexts: Mapping[str, StepContext], done: Done, failed: Failed, show: ShownShots) -> None:
    """Do the picture steps whose contexts are given, all of one proxy, and end each as it is ready.

    `show` gets the shots that are found so far, now and then. Raises ProxyDamaged before anything but subtitles from a
    file has ended, AnalysisError `video_unreadable`, and what a context's progress raises.
    """
    waiting = dict(contexts)
    if "subtitles" in waiting and (context := waiting["subtitles"]).episode.subtitles:
        del waiting["subtitles"]
        _end("subtitles", lambda: read_subtitles(context.path(context.episode.subtitles)), done, failed)
    if not waiting:
        return
    proxy = current_proxy(next(iter(waiting.values())))
    options = {name: context.options for name, context in waiting.items()}
    cuts = None if "shots" in waiting else _known_cuts(waiting)
    looking = PicturePass(options, (proxy.width, proxy.height), proxy.duration_ms, cuts)
    for name, error in looking.refused.items():
        del waiting[name]
        failed(name, error)
    if not waiting:
        return
    damage = Damage()

    first, *others = waiting.values()
    report = Reporter(first.job, first.check, [context.job for context in others])

    def progress(share: float, doing: str) -> None:
        report(SEEN * share, doing)
        if "shots" in waiting:
            show(waiting["shots"], looking.shots_so_far())

    looking.look(pictures(proxy.video_path, damage, looking.form), progress)
    if damage and proxy.copied:
        raise ProxyDamaged(damage)
    looking.end(waiting, done, failed)


def _end(name: str, finish: Callable[[], Any], done: Done, failed: Failed) -> None:
    try:
        found = finish()
    except Exception as error:
        failed(name, error)
    else:
        done(name, found)


def _open_part(name: str, options: Any, size: tuple[int, int], duration_ms: int, finder: ShotFinder | None) -> _Part:
    def soft_cuts_ms() -> Sequence[int]:
        return finder.soft_cuts_ms if finder else ()

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
            return _Part(name, lambda: looks.finish(soft_cuts_ms()), follower=looks)
        case _:
            faces = FaceTap(options, size, duration_ms)
            return _Part(name, lambda: faces.finish(soft_cuts_ms()), follower=faces)


def _known_cuts(contexts: Mapping[str, StepContext]) -> Cuts:
    """Return the shots that a step was planned on; nobody asks for them where none of the steps follows shots."""
    follower = contexts.get("faces") or contexts.get("shot_looks")
    return KnownCuts([shot.start_ms for shot in current_shots(follower)] if follower else ())
