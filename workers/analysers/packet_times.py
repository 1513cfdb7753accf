"""When the packets of a file are shown: what its streams really hold, and at what rate."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np

#: Rates that cameras, broadcasters and encoders use; a measured rate this close to one is that one.
STANDARD_RATES = (
    *(Fraction(rate * 1000, 1001) for rate in (12, 15, 24, 30, 60)),
    *(Fraction(rate) for rate in (10, 12, 15, 24, 25, 30, 48, 50, 60)),
    Fraction(25, 2),
)
_SNAP_TOLERANCE = Fraction(2, 10_000)
"""A fifth of the step from 24000/1001 to 24: a rate measured over seconds of millisecond times is surer than that."""
FALLBACK_RATE = Fraction(25)
"""For a file of a single picture without a duration."""
MAX_RATE = Fraction(60)
#: Millisecond containers round each time by up to half a millisecond either way, some writers cut instead.
_JITTER_MS = 2.0
#: Intervals within a quarter of their median are one rate with a shaking clock, if few are outside.
_SHAKE, _SHAKEN_SHARE = 0.25, 0.02
#: Where a transport stream's clock jumps this far, a recording was spliced: ffmpeg joins it there, so do we.
_SPLICE_MS = 10_000.0
_EARLY_SHARE, _EARLY_MS = 0.02, 1000


@dataclass(slots=True)
class PacketTimes:
    """Presentation times of one stream's packets in ms, counted from the container's start, in file order."""

    declared_ms: int | None = None
    """When the stream should end by its own header; None where the container does not say."""
    rate_hint: Fraction | None = None
    times_ms: array[float] = field(default_factory=lambda: array("d"))
    latest_ms: float = float("-inf")
    last_duration_ms: float = 0.0
    """Length of the packet that is shown last; 0 where the file does not give it."""
    bytes: int = 0
    last_key_ms: float | None = None
    longest_key_gap_ms: float = 0.0
    """Longest time from one key frame to the next; see `key_gap_ms`."""

    @property
    def count(self) -> int:
        return len(self.times_ms)

    @property
    def start_ms(self) -> float:
        """When the first packet is shown."""
        return min(self.times_ms, default=0.0)

    @property
    def key_gap_ms(self) -> float:
        """Longest time without a key frame: so far a player may have to decode for one picture."""
        if self.last_key_ms is None:
            return self.end_ms - self.start_ms
        return max(self.longest_key_gap_ms, self.end_ms - self.last_key_ms)

    @property
    def end_ms(self) -> int:
        """When the last packet ends; its length is the typical interval where the file does not give one."""
        if not self.times_ms:
            return 0
        length = self.last_duration_ms or _typical_interval_ms(self)
        return round(self.latest_ms + length)


def read_packet_times(container: av.container.InputContainer) -> dict[int, PacketTimes]:
    """Read all packets of a container without decoding; return the times of every stream by its index.

    Reading stops without complaint where the file breaks off: the caller compares the times with what was declared.
    """
    start_ms = (container.start_time or 0) / 1000
    spliced = {"mpegts", "mpeg"} & set(container.format.name.split(","))
    result = {stream.index: _declared(stream, start_ms) for stream in container.streams}
    # An hour has half a million packets: whole numbers, as a fraction for each would take longer than reading the file.
    bases = {s.index: (s.time_base.numerator, s.time_base.denominator) for s in container.streams if s.time_base}
    try:
        for packet in container.demux():
            if (pts := packet.pts) is None or packet.is_corrupt or packet.is_discard:
                continue
            index = packet.stream_index
            if index not in bases:
                continue
            ticks, a_second = bases[index]
            times = result[index]
            time_ms = pts * ticks / a_second * 1000 - start_ms
            length_ms = (packet.duration or 0) * ticks / a_second * 1000
            if spliced and times.times_ms and abs(time_ms - times.times_ms[-1]) > _SPLICE_MS:
                start_ms += time_ms - times.times_ms[-1]
                time_ms = times.times_ms[-1]
            times.times_ms.append(time_ms)
            times.bytes += packet.size
            if packet.is_keyframe:
                since = times.start_ms if times.last_key_ms is None else times.last_key_ms
                times.longest_key_gap_ms = max(times.longest_key_gap_ms, time_ms - since)
                times.last_key_ms = time_ms
            if time_ms >= times.latest_ms:
                times.latest_ms, times.last_duration_ms = time_ms, length_ms
    except av.error.FFmpegError:
        pass
    return result


def _declared(stream: av.stream.Stream, start_ms: float) -> PacketTimes:
    rate = getattr(stream, "guessed_rate", None) if stream.type == "video" else None
    if stream.duration is None or stream.time_base is None:
        return PacketTimes(rate_hint=rate)
    end_ms = float((stream.duration + (stream.start_time or 0)) * stream.time_base) * 1000 - start_ms
    return PacketTimes(declared_ms=round(end_ms), rate_hint=rate)


def ends_early(held_ms: int, declared_ms: int) -> bool:
    """Say whether a file that holds `held_ms` of a declared length is cut off: by over a second and over 2 %."""
    return declared_ms - held_ms > max(_EARLY_MS, _EARLY_SHARE * declared_ms)


def is_constant(pictures: PacketTimes) -> bool:
    """Say whether the pictures stand on a regular grid, up to the rounding of the container's clock."""
    times = np.sort(np.asarray(pictures.times_ms))
    if len(times) < 3:
        return True
    grid = np.linspace(times[0], times[-1], len(times))
    return bool(np.abs(times - grid).max() <= _JITTER_MS)


def frame_rate_of(pictures: PacketTimes) -> Fraction:
    """Return the rate of a proxy that loses no picture: at most MAX_RATE, a standard rate where one is close.

    A constant rate is the mean over the file, also where a sloppy clock shakes its times. A variable one (phones, films
    with dropped doubles) takes the rate of its shorter intervals, so that repeated pictures fill the pauses: the mean
    would drop pictures where they come fast.
    """
    times = np.sort(np.asarray(pictures.times_ms))
    if len(times) < 2 or times[-1] <= times[0]:
        return _below_limit(pictures.rate_hint or FALLBACK_RATE)
    span_ms = float(times[-1] - times[0])
    intervals = np.diff(times)
    if np.mean(np.abs(intervals - np.median(intervals)) > _SHAKE * np.median(intervals)) < _SHAKEN_SHARE:
        rate = Fraction(len(times) - 1) / (Fraction(span_ms) / 1000)
        # Few pictures with rounded times cannot tell 23.976 from 24: then the header decides, if it is near.
        tolerance = max(Fraction(_JITTER_MS / span_ms), _SNAP_TOLERANCE)
        if pictures.rate_hint and abs(rate / pictures.rate_hint - 1) < tolerance:
            return _below_limit(_snap(pictures.rate_hint, _SNAP_TOLERANCE))
        return _below_limit(_snap(rate, tolerance))
    return _below_limit(_snap(1000 / Fraction(_typical_interval_ms(pictures)), Fraction(2, 100)))


def _typical_interval_ms(pictures: PacketTimes) -> float:
    """Return the lower quartile of the intervals between shown pictures, at least 1 ms."""
    intervals = np.diff(np.sort(np.asarray(pictures.times_ms)))
    intervals = intervals[intervals >= 1.0]
    if len(intervals) == 0:
        return float(1000 / (pictures.rate_hint or FALLBACK_RATE))
    return float(np.quantile(intervals, 0.25))


def _snap(rate: Fraction, tolerance: Fraction) -> Fraction:
    nearest = min(STANDARD_RATES, key=lambda standard: abs(rate - standard))
    if abs(rate - nearest) <= tolerance * nearest:
        return nearest
    return rate.limit_denominator(1001)


def _below_limit(rate: Fraction) -> Fraction:
    """Halve a rate until it is at most MAX_RATE: every second picture of 120 a second stays on the grid."""
    while rate > MAX_RATE:
        rate /= 2
    return rate
