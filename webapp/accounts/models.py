"""People."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who can log in. `is_staff` makes an admin of the installation; projects name their annotators."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        CHINESE = "zh-hans", "简体中文"

    language = models.CharField(max_length=10, choices=Language.choices, default=Language.ENGLISH)
    #: Command id -> its keys, for the commands whose keys this person has changed (`webapp.accounts.keys`).
    keys = models.JSONField(default=dict, blank=True)

    @property
    def full_name(self) -> str:
        return self.get_full_name() or self.username
