"""What all of Affectory's commands share: an example in their help, one clear line on bad input."""

from __future__ import annotations

from argparse import SUPPRESS, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.rules import RuleError
from webapp.corpus.models import Episode


class LineCommand(BaseCommand):
    """A command with an example. Subclasses implement `run`; a RuleError becomes one line and exit code 1."""

    example = ""
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        epilog = f"example:\n  manage.py {subcommand} {self.example}"
        parser = super().create_parser(
            prog_name, subcommand, epilog=epilog, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )
        hidden = {"--version", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
        for action in parser._actions:  # Django's own options stay, out of sight
            if hidden & set(action.option_strings) or "--skip-checks" in action.option_strings:
                action.help = SUPPRESS
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database cannot be used: {reason}. Is it there, and migrated?") from error

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run(**options)
        except RuleError as error:
            details = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.fields.items())
            raise CommandError(f"{error.message} {details}".strip()) from error

    def run(self, **options: Any) -> None:
        raise NotImplementedError


def find_project(name: str) -> Project:
    """Return the project of that name or number. Raises CommandError that lists what there is."""
    projects = Project.objects.all()
    found = projects.filter(name=name).first() or (projects.filter(pk=int(name)).first() if name.isdecimal() else None)
    if found is None:
        known = ", ".join(f"“{project.name}”" for project in projects) or "none yet: make one with create_project"
        raise CommandError(f"There is no project “{name}”. Projects: {known}.")
    return found


def find_episode(name: str) -> Episode:
    """Return the episode of that number, title or “series/title”. Raises CommandError that says what is wrong."""
    episodes = Episode.objects.select_related("series")
    if name.isdecimal() and (by_number := episodes.filter(pk=int(name)).first()):
        return by_number
    series, _, title = name.rpartition("/")
    found = list(episodes.filter(title=title, series__name=series) if series else episodes.filter(title=name))
    if len(found) == 1:
        return found[0]
    if found:
        candidates = ", ".join(f"{episode.pk} ({episode})" for episode in found)
        raise CommandError(f"Several episodes have the title “{name}”: use the number: {candidates}.")
    raise CommandError(f"There is no episode “{name}”. Import one with import_episode, or see manage.py episodes.")


def find_users(names: list[str]) -> list[User]:
    """Return users in the order named. Raises CommandError naming those that are missing."""
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    if missing := [name for name in names if name not in users]:
        raise CommandError(f"There is no user {', '.join(missing)}. Make them with create_user.")
    return [users[name] for name in names]
