"""What a terminal shows while an episode is analysed: why nothing happens, and why it failed."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.webapp.factories import make_bare_episode
from webapp.corpus.models import Episode
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job
from webapp.jobs.queues import say_present
from workers import watching
from workers.management.commands import analyse
from workers.pipeline import plan
from workers.watching import watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_look(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], None]], None]:
    """Do something after the n-th look; nobody sleeps."""
    looks = itertools.count(1)
    planned: dict[int, Callable[[], None]] = {}

    def sleep(seconds: float) -> None:
        number = next(looks)
        assert number < 20, "it would have waited for ever"
        planned.get(number, lambda: None)()

    monkeypatch.setattr(watching.time, "sleep", sleep)
    return lambda number, do: planned.update({number: do})


def change(episode: Episode, **values: object) -> None:
    assert Job.objects.filter(episode=episode).update(**values)


def do_all(episode: Episode) -> None:
    """What workers would: plan the steps, and do them."""
    steps = plan(episode, ["waveform"])
    change(episode, status=Job.Status.DONE)
    assert [step.name for step in steps] == ["proxy", "waveform"]


def test_it_tells_how_long_nobody_has_begun_and_nothing_once_somebody_has(
    at_look: Callable[[int, Callable[[], None]], None],
) -> None:
    episode = make_bare_episode()
    plan_analysis(episode)
    at_look(2, lambda: change(episode, status=Job.Status.RUNNING))
    at_look(4, lambda: do_all(episode))
    told: list[float] = []
    assert watch(episode, ["proxy", "waveform"], told.append) == ""
    assert [seconds > 0 for seconds in told] == [True, True, False, False]


def test_what_the_check_raises_ends_the_wait(at_look: Callable[[int, Callable[[], None]], None]) -> None:
    episode = make_bare_episode()
    plan_analysis(episode)

    def gone(_: float) -> None:
        raise CommandError("The worker has ended")

    with pytest.raises(CommandError, match="has ended"):
        watch(episode, ["proxy", "waveform"], gone)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"status": Job.Status.FAILED, "error": "The disk is full."}, "failed. plan: The disk is full."),
        ({"status": Job.Status.CANCELLED}, "was cancelled."),
    ],
)
def test_the_end_says_why(
    at_look: Callable[[int, Callable[[], None]], None], values: dict[str, object], said: str
) -> None:
    episode = make_bare_episode()
    plan_analysis(episode)
    at_look(1, lambda: change(episode, **values))
    assert said in watch(episode, ["proxy", "waveform"], lambda _: None)


@pytest.mark.parametrize(
    ("there", "said"), [(False, "No worker is there. Start one with “make worker”"), (True, "The workers are busy")]
)
def test_the_command_says_once_why_nobody_begins(
    at_look: Callable[[int, Callable[[], None]], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: bool,
    said: str,
) -> None:
    episode = make_bare_episode()
    if there:
        say_present("machine:1", {"cpu"})
    monkeypatch.setattr(analyse, "HINT_AFTER_SECONDS", 0)
    at_look(3, lambda: do_all(episode))
    call_command("analyse", str(episode.pk), wait=True)
    assert capsys.readouterr().out.count(said) == 1


def test_nothing_is_said_to_those_who_wait_for_a_moment(
    at_look: Callable[[int, Callable[[], None]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    episode = make_bare_episode()
    at_look(3, lambda: do_all(episode))
    call_command("analyse", str(episode.pk), wait=True)
    assert "worker" not in capsys.readouterr().out
