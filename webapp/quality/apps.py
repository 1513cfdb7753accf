from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "webapp.quality"

    def ready(self) -> None:
        from webapp.annotation.services.finishing import AFTERWARDS
        from webapp.quality.training import open_after_turn

        AFTERWARDS.append(open_after_turn)
