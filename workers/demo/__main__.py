"""`python -m workers.demo OUT`: write the demo episode into the folder OUT and print its files."""

from __future__ import annotations

import argparse
import sys
from dataclasses import astuple
from pathlib import Path

from workers.analysers.errors import AnalysisError
from workers.demo import make_demo_episode


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m workers.demo",
        description="Make the demo episode: video, subtitles, transcript and the truth about them.",
        epilog="Example: python -m workers.demo var/demo",
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to write into; made if it does not exist")
    try:
        files = make_demo_episode(parser.parse_args().out)
    except (AnalysisError, RuntimeError, OSError) as error:
        print(f"The demo episode could not be made: {error}", file=sys.stderr)
        return 1
    print(*astuple(files), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
