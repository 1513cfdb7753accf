"""What every process pays when it starts: commands, web and workers import the models and check the addresses."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = ("pandas", "statsmodels", "scipy", "sklearn", "cv2", "av", "torch")


def test_the_models_and_addresses_bring_none_of_the_heavy_libraries() -> None:
    code = f"import sys, django; django.setup(); import webapp.urls; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings.test"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    assert told.stdout.strip() == "[]"
