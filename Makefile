# One command for each thing that one does here; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check lint faults bench promises texts pins audit clean

bin := .venv/bin
ready := .venv/.ready
# Workers for the tests; more than the machine has cores makes them slower.
JOBS ?= 2
# Passed on, for example: make test ARGS="-k welcome"   make run ARGS="--port 8080"
ARGS ?=

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(ready) ## Make .venv with everything that is pinned (PYTHON=… to choose the Python)

$(ready): requirements/dev.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh
	@touch $@

run: $(ready) ## Start Guyub; without tokens it opens the playground
	@$(bin)/guyub run $(ARGS)

test: $(ready) ## Run the tests (ARGS="-k welcome" for some of them)
	@$(bin)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: lint test ## Everything that CI checks: format, lint, types, imports, tests

lint: $(ready) ## Format, lint, types and imports
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo

faults: $(ready) ## Kill, flood and stall the running bot for some minutes (ARGS="--rounds 40")
	@$(bin)/python -m tests.faults $(ARGS)

bench: $(ready) ## Measure Guyub beside its anchors
	@$(bin)/python -m benchmarks $(ARGS)

promises: $(ready) ## Which of docs/promises.md are proved by tests, and which aren't
	@$(bin)/python -m scripts.promises

texts: $(ready) ## Gather the texts that people read into the catalogues
	@$(bin)/python -m scripts.texts

pins: ## Pin the dependencies anew (ARGS=--upgrade for the newest; needs uv)
	@scripts/pin.sh $(ARGS)

audit: $(ready) ## Ask a public list of known holes about the pinned versions
	@scripts/audit.sh

clean: ## Remove what the tools left behind, and .venv
	@rm -rf .venv .reports .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
