"""What happens in the film: 60 shots, who is in them and how, how they join, and what is said or only written.

All of it is invented and means nothing; the names have nothing to do with the people of the portraits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.film.people import PEOPLE


@dataclass(frozen=True, slots=True)
class Join:
    """How a shot begins: `cut`; or over `frames` frames as a `dissolve`, or a `fade` through `colour`, held `hold`."""

    kind: str = "cut"
    frames: int = 0
    hold: int = 0
    colour: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on the stage: the middle of the portrait and its height (shares of the picture), how narrow."""

    name: str
    x: float
    y: float
    height: float
    narrow: float = 1.0


@dataclass(frozen=True, slots=True)
class Shot:
    """`pan` is in pixels a frame, `zoom` the factor over the shot; a flash lights `flash` frames in its middle."""

    place: str
    actors: tuple[Actor, ...]
    join: Join
    pan: float
    zoom: float
    light: float
    flash: int
    speaker: str | None
    text: str
    style: str
    crosses: bool
    """The line goes on over the next cut."""


STYLES: Final = ("bold", "yellow", "serif_on_box", "small")

ENGLISH: Final = (
    "Good evening. Is this seat taken?",
    "No, please sit down. The train is late again.",
    "It has been late every Monday since the winter.",
    "I brought the map that you asked for.",
    "Where did you find it? I looked everywhere!",
    "In my grandmother's kitchen, behind the old clock.",
    "That is the strangest place for a map.",
    "She never trusted banks, only her kitchen.",
    "Look at the river here. It used to go north.",
    "Then the house must stand on the other side.",
    "We should leave before the rain starts.",
    "I am not going anywhere without my hat.",
    "Nobody will look at your hat in the dark.",
    "Fine. But if I catch a cold, you pay the doctor.",
    "Did you hear that? Somebody is at the door.",
    "Quiet! Turn off the lamp and do not move.",
    "It is only the cat. She wants her dinner.",
    "My heart almost stopped. I need a glass of water.",
    "Tomorrow we will laugh about all of this.",
    "I doubt it. Tomorrow we will be in trouble.",
    "Thank you for everything, my dear old friend.",
    "Write to me when you find the treasure.",
)
CHINESE: Final = (
    "晚上好 这个座位有人吗",
    "没有 请坐吧 火车又晚点了",
    "从冬天开始 每个星期一都晚点",
    "我把你要的地图带来了",
    "你在哪里找到的",
    "在奶奶的厨房里 旧钟的后面",
    "这真是个奇怪的地方",
    "她从来不相信银行",
    "你看这条河 以前是往北流的",
    "那么房子一定在对岸",
    "下雨之前我们应该离开",
    "没有帽子我哪儿也不去",
    "你听见了吗 有人在门口",
    "安静 把灯关掉 不要动",
    "只是一只猫 它想吃晚饭",
    "明天我们会笑着谈起这一切",
    "谢谢你 我亲爱的老朋友",
    "找到宝藏以后给我写信",
)
PLACES: Final = ("coffee", "rocket", "brick", "gravel", "grass", "moon", "chelsea", "hubble_deep_field")

#: Dissolves of all usual lengths, fades to black and to white, some without a pause in the blank.
SOFT_JOINS: Final = {
    4: Join("dissolve", 12),
    9: Join("fade", 24, hold=6),
    13: Join("dissolve", 25),
    17: Join("dissolve", 8),
    21: Join("fade", 16, hold=2),
    25: Join("dissolve", 36),
    29: Join("dissolve", 16),
    33: Join("fade", 30, hold=10, colour=255),
    37: Join("dissolve", 20),
    41: Join("fade", 40, hold=0),
    45: Join("dissolve", 50),
    49: Join("dissolve", 30),
    53: Join("fade", 20, hold=12),
    57: Join("dissolve", 10),
}
_SHOTS: Final = 60
_DARK: Final = {7: 0.22, 19: 0.3, 30: 0.16, 44: 0.25}
_FLASHES: Final = {11: 1, 27: 2, 50: 1}
_FAST: Final = {6: 14.0, 23: -22.0, 39: 30.0, 55: -12.0}
_NOBODY: Final = (10, 23, 39, 52)
_SHORT: Final = (14, 15, 34, 35)
"""Shots of less than a second, without a line."""
_CROSSING: Final = (3, 20, 31, 46)


def make_script() -> tuple[Shot, ...]:
    """Return the shots in order, always the same."""
    shots = []
    english, chinese = iter(ENGLISH), iter(CHINESE)
    for number in range(_SHOTS):
        actors = () if number in _NOBODY else _actors(number)
        speaks = bool(actors) and number not in _SHORT
        in_english = number % 9 in (0, 1, 3, 5, 7)
        text = next(english if in_english else chinese, "") if speaks else ""
        shots.append(
            Shot(
                place=PLACES[number * 5 % len(PLACES)],
                actors=actors,
                join=SOFT_JOINS.get(number, Join()),
                pan=_FAST.get(number, (0.0, 0.6, -1.2, 0.3, 2.5)[number % 5]),
                zoom=(1.0, 1.06, 0.95, 1.12)[number % 4],
                light=_DARK.get(number, 1.0),
                flash=_FLASHES.get(number, 0),
                speaker=actors[0].name if text and in_english else None,
                text=text,
                style=STYLES[number // 2 % len(STYLES)],
                crosses=number in _CROSSING,
            )
        )
    return tuple(shots)


def is_short(number: int) -> bool:
    return number in _SHORT


def _actors(number: int) -> tuple[Actor, ...]:
    first, second, third = (PEOPLE[(number * step + number // 6) % len(PEOPLE)] for step in (1, 3, 5))
    kind = number % 6
    if kind == 0:
        return (Actor(first, 0.5, 0.45, 0.8),)
    if kind in (1, 4) and second != first:
        return (Actor(first, 0.28, 0.45, 0.62), Actor(second, 0.72, 0.45, 0.6))
    if kind == 2:  # far away: faces of 40 to 60 pixels
        far = dict.fromkeys((first, second, third))
        return tuple(Actor(name, 0.22 + 0.28 * place, 0.48, 0.22) for place, name in enumerate(far))
    if kind == 3:  # half turned away
        return (Actor(first, 0.6, 0.42, 0.6, narrow=0.68),)
    return (Actor(first, 0.4, 0.45, 0.5),)
