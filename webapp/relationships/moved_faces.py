"""Where the faces of a clip went since it was labelled: faces are merged and split, answers stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from exports.erato.clips import Span, length_ms, merged
from webapp.corpus.models import CastingEvent, FaceTrack, Identity


@dataclass(frozen=True, slots=True)
class _Move:
    to: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class MovedFaces:
    """The tracks that some identities had, and whose they are now."""

    moves: Mapping[int, Sequence[_Move]] = field(default_factory=dict)
    gone: Collection[int] = ()
    """Identities that have no track any more."""
    names: Mapping[int, str] = field(default_factory=dict)
    """Of identities that tracks went to: the character's name, "" if unknown."""

    @classmethod
    def of(cls, identities: Collection[int]) -> MovedFaces:
        """Look up what became of identities: two queries, three more where some lost all of their tracks."""
        gone = set(Identity.objects.filter(pk__in=identities, screen_time_ms=0).values_list("pk", flat=True))
        tracks = FaceTrack.objects.filter(found_as__in=identities, identity__isnull=False)
        moves = _moves((row[0], row[1:]) for row in tracks.values_list("found_as", "identity", "start_ms", "end_ms"))
        if lost := gone - set(moves):
            moves |= _moves_of_parts(lost)
        to = {move.to for of_one in moves.values() for move in of_one}
        names = Identity.objects.filter(pk__in=to).values_list("pk", "character__name") if to else ()
        return cls(moves, gone, {pk: name or "" for pk, name in names})

    def in_clip(self, clip: Span, people: Mapping[int, Sequence[Sequence[int]]]) -> dict[int, int]:
        """Return identity -> who that is now, for the people of a clip and where they are seen in it.

        Somebody whose tracks were all given away is the one who got them, most of those in the clip first. So is
        somebody whose tracks in this clip were given, most of them, to a face that the clip did not know.
        """
        now = {}
        for identity, spans in people.items():
            went: Counter[int] = Counter()
            for move in self.moves.get(identity, ()):
                if identity in self.gone or move.to not in people:
                    inside = [(start, end) for start, end in spans if start < move.end_ms and end > move.start_ms]
                    went[move.to] += length_ms(merged(inside, (move.start_ms, move.end_ms)))
            target, time_ms = max(went.items(), key=lambda item: (item[1], -item[0]), default=(identity, 0))
            seen_ms = sum(end - start for start, end in spans)
            now[identity] = target if identity in self.gone or 2 * time_ms > seen_ms else identity
        return now


def _moves(rows: Iterable[tuple[int, tuple[int, int, int]]]) -> dict[int, list[_Move]]:
    found: dict[int, list[_Move]] = defaultdict(list)
    for identity, move in rows:
        found[identity].append(_Move(*move))
    return dict(found)


def _moves_of_parts(lost: Collection[int]) -> dict[int, list[_Move]]:
    """Return the moves of identities that no analysis found: tracks that were split off one face and given to another.

    Such a track remembers only the first; who had it in between is in the events.
    """
    jobs = Identity.objects.filter(pk__in=lost).values("job")
    events = CastingEvent.objects.filter(job__in=jobs, kind=CastingEvent.Kind.MERGE, undone=False).order_by("pk")
    had = {
        int(track): identity
        for before in events.values_list("before", flat=True)
        for track, (identity, _) in before["tracks"].items()
        if identity in lost
    }
    tracks = FaceTrack.objects.filter(pk__in=had, identity__isnull=False)
    rows = tracks.values_list("pk", "identity", "start_ms", "end_ms")
    return _moves((had[pk], (identity, start, end)) for pk, identity, start, end in rows)
