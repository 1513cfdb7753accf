"""Keys that somebody chose for the commands of the browser application.

Which commands there are is the browser's affair; here is only said what such a choice looks like. A key is written as
the browser names it: `k`, `shift+k`, `arrowleft`, `?`. An empty key means that the command has none in that place.
"""

from __future__ import annotations

import re
from typing import Final

MOST_COMMANDS: Final = 300
MOST_KEYS: Final = 10
COMMAND: Final = re.compile(r"[a-zA-Z][\w.]{0,59}", re.ASCII)
KEY: Final = re.compile(r"(?:(?:ctrl\+)?(?:shift\+)?[^\s\x00-\x1f\ud800-\udfff]{1,20})?")


def wrong_keys(keys: dict[str, list[str]]) -> list[str]:
    """Return what is wrong with a choice of keys, in words; nothing where it can be kept."""
    if len(keys) > MOST_COMMANDS:
        return [f"Choose keys for at most {MOST_COMMANDS} commands."]
    wrong = []
    for command, chosen in keys.items():
        if not COMMAND.fullmatch(command):
            wrong.append(f"“{command[:60]}” cannot be the name of a command.")
        elif len(chosen) > MOST_KEYS:
            wrong.append(f"The command {command} has at most {MOST_KEYS} keys.")
        elif bad := [key for key in chosen if not KEY.fullmatch(key)]:
            wrong.append(f"“{bad[0][:30]}” cannot be a key of {command}: name one key, with ctrl+ or shift+ before it.")
        elif any("alt+" in key for key in chosen):
            wrong.append(f"Alt belongs to the browser: choose another key for {command}.")
    return wrong
