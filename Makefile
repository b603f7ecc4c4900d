# Everything a newcomer or a continuous integration run needs. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PROJECT := pyproject.toml manifest.json

.DEFAULT_GOAL := help
.PHONY: help run install check test nightly bench wheel system clean

help:
	@echo "make run      a real helpdesk with complaints in it, and this service beside it"
	@echo "make test     all tests: SQLite, PostgreSQL, django-helpdesk, Request Tracker"
	@echo "make check    lint, types, import rules, unit tests: under two minutes"
	@echo "make nightly  the long fault and race counts"
	@echo "make bench    the speed claims, side by side with their peers"

$(VENV)/bin/python:
	@sh scripts/need-python $(PYTHON)
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/.demo: $(VENV)/bin/python $(PROJECT)
	@echo "Installing Helpdesk Recovery and django-helpdesk (a minute or so) …"
	@$(BIN)/python -m pip install --progress-bar on --editable '.[demo]'
	@touch $@

$(STAMP): $(VENV)/bin/python $(PROJECT)
	@echo "Installing Helpdesk Recovery and what its tests need (a minute or two) …"
	@$(BIN)/python -m pip install --quiet --editable '.[postgres,demo]' --group dev
	@touch $@ $(VENV)/.demo

run: $(VENV)/.demo
	@$(BIN)/helpdesk-recovery demo

install: $(STAMP)

system:
	@sh scripts/need-system

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -q -n 2 -m "not postgres and not real and not faults and not nightly" --ignore tests/wheel

test: $(STAMP) system
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pytest -n 2 --dist loadfile -m "not nightly"

nightly: $(STAMP) system
	@$(BIN)/pytest -m nightly --timeout 7200

$(VENV)/.bench: $(STAMP)
	@$(BIN)/python -m pip install --quiet --group bench
	@touch $@

bench: $(VENV)/.bench
	@sh scripts/need-wrk
	@$(BIN)/python -m benchmarks

wheel: $(STAMP)
	@$(BIN)/python -m build

clean:
	rm -rf $(VENV) dist .data .pytest_cache .mypy_cache .ruff_cache .hypothesis
