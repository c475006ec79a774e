# Everything happens inside this checkout: tools in .tools and .venv, data in var. Nothing needs root.
.DEFAULT_GOAL := help
.PHONY: help setup tools check test run fmt lint

PY := .venv/bin/python

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: ## bring uv and the locked Python environment
	@tools/bootstrap.sh

tools: setup ## bring Asterisk, espeak-ng, SIPp, PostgreSQL, Chromium and Node
	@$(PY) -m tools.provision asterisk speech sipp postgres chromium node

lint: setup
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m tools.house_rules
	$(PY) -m tools.changes check

check: lint ## the fast half: lint, types, architecture, unit tests (< 60 s)
	$(PY) -m pytest -m "not voice and not browser and not postgres and not slow"

test: lint tools ## everything
	$(PY) -m pytest

fmt: setup ## format the code and mend what can be mended
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format
