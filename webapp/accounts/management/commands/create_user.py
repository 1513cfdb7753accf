from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from webapp.accounts.models import User
from webapp.commands import LineCommand


class Command(LineCommand):
    help = "Make a user who can log in. The password is asked for, or read from AFFECTORY_PASSWORD."
    example = "anna --name 'Anna Lee' --language zh-hans"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="full name")
        parser.add_argument("--admin", action="store_true", help="may see and run everything")
        parser.add_argument("--language", choices=User.Language.values, default=User.Language.ENGLISH)

    def run(self, **options: Any) -> None:
        username = options["username"]
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user named {username} already.")
        try:
            password = os.environ.get("AFFECTORY_PASSWORD") or getpass.getpass(f"Password for {username}: ")
        except EOFError as error:
            raise CommandError("There is no terminal to ask for a password: set AFFECTORY_PASSWORD.") from error
        user = User(username=username, language=options["language"], is_staff=options["admin"])
        user.first_name, _, user.last_name = options["name"].partition(" ")
        try:
            user.set_password(password)
            user.full_clean()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        self.stdout.write(f"Made {'admin' if user.is_staff else 'annotator'} {username}.")
