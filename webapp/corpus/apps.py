from django.apps import AppConfig


class CorpusConfig(AppConfig):
    name = "webapp.corpus"
