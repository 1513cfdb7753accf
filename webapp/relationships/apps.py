from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "webapp.relationships"

    def ready(self) -> None:
        from webapp.annotation.models import Task
        from webapp.annotation.services.finishing import FINISHES
        from webapp.corpus.casting import FACES_CHANGED
        from webapp.relationships.services.clips import count_people_again
        from webapp.relationships.services.labelling import finish_relating
        from webapp.relationships.services.locating import finish_locating

        FACES_CHANGED.append(count_people_again)
        FINISHES[Task.Kind.LOCATE] = finish_locating
        FINISHES[Task.Kind.RELATE] = finish_relating
