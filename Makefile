# Affectory: what one may type. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help demo serve worker install ui install-dev install-test test test-fast test-services lint types schema bench-precompute bench-accuracy bench-scale lock clean
.NOTPARALLEL:

# The Python that makes .venv; afterwards .venv's own is used.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV_PYTHON := .venv/bin/python
# Optional parts. `make EXTRAS= demo` leaves openSMILE out, which is free for research only.
EXTRAS ?= research
HOST ?= 127.0.0.1
# Without a wish the first free port from 8000 on is taken, and said.
PORT ?=

help:  ## list the targets
	@echo "Affectory. What one may type:"
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'
	@echo "Variables: PORT, HOST, PYTHON, EXTRAS (default: research; empty leaves openSMILE out), AFFECTORY_DATA (default: var/)"

demo: install ui  ## everything from nothing: install, build, make and analyse a demo episode, serve it
	@$(VENV_PYTHON) manage.py demo --quiet-log-ins
	@$(VENV_PYTHON) scripts/serve.py --host $(HOST) $(if $(PORT),--port $(PORT))

serve: install ui  ## web and worker on the data there are
	@$(VENV_PYTHON) manage.py migrate --verbosity 0
	@$(VENV_PYTHON) scripts/serve.py --host $(HOST) $(if $(PORT),--port $(PORT))

worker: install  ## one more worker beside a running `make serve`
	@$(VENV_PYTHON) -m celery -A webapp.celery_app worker --pool=solo --loglevel=INFO --without-gossip --without-mingle

install:  ## the virtual environment, from the lock files (only what changed)
	@$(PYTHON) scripts/install.py run --extras "$(EXTRAS)"

ui: install  ## the browser application, into annotation_ui/dist (only if it changed)
	@$(VENV_PYTHON) scripts/build_ui.py

install-dev: ui  ## what style, types and quick tests need: more Python packages
	@$(PYTHON) scripts/install.py run test --extras "$(EXTRAS)"
	@$(VENV_PYTHON) scripts/build_ui.py --packages

install-test: install-dev  ## what all tests need: Chromium, PostgreSQL, Redis, nginx (apt where it may)
	@$(VENV_PYTHON) scripts/system_tools.py

test: install-test  ## all checks: style, types, schema, UI, every test on SQLite, database tests on PostgreSQL and Redis
	@$(VENV_PYTHON) scripts/checks.py lint types schema ui tests services

test-fast: install-dev  ## quick tests only: no neural networks, no browser, no server
	@$(VENV_PYTHON) -m pytest -q -m "not models and not browser and not services" -n 2 --dist loadfile

test-services: install-test  ## database tests on a private PostgreSQL and Redis
	@$(VENV_PYTHON) scripts/checks.py services

lint: install-dev  ## ruff, import arrows, Biome
	@$(VENV_PYTHON) scripts/checks.py lint

types: install-dev  ## mypy and TypeScript
	@$(VENV_PYTHON) scripts/checks.py types

schema: install-dev  ## write the OpenAPI document and the browser's types from the API's code
	@$(VENV_PYTHON) scripts/schema.py

bench-precompute: install  ## how fast an episode is prepared: make bench-precompute VIDEO=episode.mp4 [MINUTES=5] [ARGS=--encode]
	@$(VENV_PYTHON) -m benchmarks.precompute "$(VIDEO)" --minutes $(or $(MINUTES),5) $(ARGS)

bench-accuracy: install  ## how well analysers read a film of known truth; DIALOGUE=FOLDER scores a sample dialogue too
	@$(VENV_PYTHON) -m benchmarks.accuracy $(if $(DIALOGUE),--dialogue "$(DIALOGUE)")

bench-scale: install  ## every page of 200 labelled episodes on SQLite: make bench-scale [ARGS="--cpu --protocol erato"]
	@$(VENV_PYTHON) -m benchmarks.scale $(ARGS)

lock: install-dev  ## write requirements/*.txt from *.in; newest versions: make lock UPGRADE=--upgrade
	@sh scripts/lock.sh $(UPGRADE)

clean:  ## remove what can be made again (.venv, node_modules, caches); your data in var/ stay
	@rm -rf .venv annotation_ui/node_modules annotation_ui/dist annotation_ui/coverage test-results
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
