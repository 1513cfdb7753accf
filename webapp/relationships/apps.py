from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "webapp.relationships"
