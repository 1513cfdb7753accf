"""Calm output for long steps: one line that says what happens, one that says how long it took."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class StepFailed(SystemExit):
    """A step ended with an error; its output has been printed. Carries the exit code 1."""

    def __init__(self, message: str) -> None:
        print(f"\n{message}", file=sys.stderr, flush=True)
        super().__init__(1)


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def run_main(main: Callable[[], int | None]) -> None:
    """Run a script's main and exit with its code; Ctrl-C ends it without a traceback."""
    try:
        sys.exit(main() or 0)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)


def spent(seconds: float) -> str:
    """Return a duration as a person says it: `8 s`, `2 min 5 s`."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def run_step(
    title: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> None:
    """Run a command quietly, showing title and elapsed time. Raises StepFailed after printing what the command said."""
    started = time.monotonic()
    live = sys.stdout.isatty()
    say(f"  {title} ...")
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(env) if env is not None else None,
        cwd=cwd or ROOT,
    ) as process:
        output = _read_with_ticker(process, title, started) if live else process.communicate()[0]
    if live:
        print("\033[1A\033[2K", end="")
    if process.returncode != 0:
        say(f"  {title}: FAILED after {spent(time.monotonic() - started)}")
        print(output, file=sys.stderr)
        raise StepFailed(f"{title} failed (exit code {process.returncode}). The lines above are what it said.")
    say(f"  {title}: done in {spent(time.monotonic() - started)}")


def _read_with_ticker(process: subprocess.Popen[str], title: str, started: float) -> str:
    """Wait for the process, rewriting the title line with the elapsed time every second."""
    while True:
        try:
            return process.communicate(timeout=1)[0]
        except subprocess.TimeoutExpired:
            print(f"\033[1A\033[2K  {title} ... {spent(time.monotonic() - started)}", flush=True)
