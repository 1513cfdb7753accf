"""Import what the application's processes import: Python keeps what it compiles for that, beside each module.

Where PYTHONDONTWRITEBYTECODE is set, as in many containers, nothing would ever be kept, and every process that starts
would compile it all anew: a second for a worker. Compiling all that is installed would take two minutes.
"""

import importlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

#: Modules that lead to the others: what the web process, workers, their helpers, commands and tests begin with.
_RUN = (
    *("webapp.urls", "webapp.celery_app", "gunicorn.app.wsgiapp", "celery.bin.worker", "celery.beat"),
    *(
        "workers.tasks",
        "workers.analysers.subtitles.work",
        "workers.analysers.alignment.windows",
        "workers.nets.export",
    ),
    *("onnxruntime", "pocketsphinx", "openvino", "rapidocr.main", "dlib", "tokenizers", "torch", "torchmetrics"),
    # what they import late, in the middle of work that somebody waits for
    *("celery.backends.base", "celery.app.amqp", "celery.app.events", "celery.events.receiver"),
    *("django.db.models.sql.compiler", "rapidocr.inference_engine.openvino.main", "opensmile", "imageio_ffmpeg"),
    *("pysubs2", "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.PpmImagePlugin"),
)
_TEST = ("pytest", "_pytest", "xdist.plugin", "hypothesis", "pytest_django", "playwright.sync_api", "moto.server")


def main(groups: list[str]) -> None:
    # Whatever this machine is set up for: nothing is served here, and no data is to be made.
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "webapp.settings.embedded", "AFFECTORY_DATA": data}
        with suppress(Exception):  # what is not installed, set up wrongly or cannot be imported is for others to tell
            importlib.import_module("django").setup()
        for name in (*_RUN, *(_TEST if "test" in groups else ())):
            with suppress(Exception):
                importlib.import_module(name)
        _import_commands()


def _import_commands() -> None:
    """Import what every `manage.py` looks through: all commands, and all migrations."""
    with suppress(Exception):
        from django.core.management import get_commands, load_command_class
        from django.db.migrations.loader import MigrationLoader

        MigrationLoader(None)
        for name, app in get_commands().items():
            with suppress(Exception):
                load_command_class(str(app), name)


if __name__ == "__main__":
    sys.dont_write_bytecode = False
    main(sys.argv[1:])
