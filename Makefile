# Two commands: `make run` opens the observatory, `make test` proves it. Both start from a fresh clone on
# Debian or Ubuntu with Python 3.11 or later and a package registry; nothing else is installed by hand.

PORT ?= 8501
HOST ?= 127.0.0.1
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# A stamp a Python version: after a system upgrade the environment is made again instead of failing to import.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
RUN_READY := $(VENV)/.ready-run-$(VERSION)
LINK_READY := $(VENV)/.ready-croisement-$(VERSION)
DEV_READY := $(VENV)/.ready-dev-$(VERSION)

.DEFAULT_GOAL := help
.SILENT:
.PHONY: help run croisement test test-fast check format bench bench-linkage clean browser python

help:
	echo "make run [PORT=8501]  ouvre l'observatoire sur http://$(HOST):$(PORT)"
	echo "make croisement       ajoute de quoi croiser les cinq bases (voir le guide)"
	echo "make test             tous les tests, navigateur compris"
	echo "make test-fast        les tests sans navigateur ni base PostgreSQL"
	echo "make check            style, types et règles d'import"
	echo "make format           remet le code au format"
	echo "make bench            mesures de vitesse"
	echo "make bench-linkage    le croisement à la taille de la région, contre sa vérité (un quart d'heure)"
	echo "make clean            efface l'environnement et les caches ; var/ (la base, les saisies) reste"

run: $(RUN_READY)
	$(PY) -m observatory.launch --host $(HOST) --port $(PORT)

croisement: $(LINK_READY)
	echo "Prêt : $(PY) -m observatory.pipeline --help"

test: $(DEV_READY) browser
	$(PY) -m tests.suite

test-fast: $(DEV_READY)
	$(PY) -m pytest -m "not e2e and not heavy and not postgres"

check: $(DEV_READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

format: $(DEV_READY)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(DEV_READY) browser
	$(PY) -m tests.bench

bench-linkage: $(DEV_READY)
	$(PY) -m tests.bench.linkage

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The browser of the tests: the one already there, else Debian's, else one clear line and an error.
browser: $(DEV_READY)
	$(PY) -m tests.e2e.chromium --install

python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "Python 3.11 ou plus récent est nécessaire (« $(PYTHON) » ne convient pas) : sudo apt install python3 python3-venv" >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "Le module venv de Python manque : sudo apt install python3-venv" >&2; exit 1; }

$(RUN_READY): requirements.txt | python
	$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	echo "Installation des bibliothèques, une seule fois…"
	$(PIP) install -r requirements.txt
	touch $@

$(LINK_READY): requirements-croisement.txt $(RUN_READY)
	echo "Installation des bibliothèques du croisement, une seule fois…"
	$(PIP) install -r requirements-croisement.txt
	touch $@

$(DEV_READY): requirements-dev.txt requirements-croisement.txt $(RUN_READY)
	echo "Installation des outils de test, une seule fois…"
	$(PIP) install -r requirements-dev.txt
	touch $@
