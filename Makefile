# Everything happens inside this checkout: tools in .tools and .venv, data in var. Nothing needs root.
# What is needed is brought when it is first needed; what is there already costs no time.
.DEFAULT_GOAL := help
.PHONY: help setup tools ui run check test fmt bench docs wheel lint brought unit unit-modules unit-rest check-ui

# Compiled Python files stay in the checkout: without them a start takes twice as long, and so does collecting tests.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
PROVISION := $(PY) -m tools.provision
CARELINE_VOICE ?= auto
# An unsteady test stops nobody's work, and is not passed over: where changes are let in it is tried once more, and named.
AGAIN := $(if $(CI),--reruns 1 -rfEsxXR)
FAST := not voice and not browser and not postgres and not slow

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: ## bring uv and the locked Python environment
	@tools/bootstrap.sh

tools: setup ## bring Asterisk, espeak-ng, SIPp, PostgreSQL, Chromium and Node
	@$(PROVISION) asterisk speech recognition sipp postgres chromium node

ui: setup ## build the user interface
	@$(PROVISION) ui

run: setup ## set up what is missing and serve http://127.0.0.1:8080 with demo data
	@$(PROVISION) $(if $(filter auto,$(CARELINE_VOICE)),asterisk) speech ui
	@CARELINE_DEMO=$${CARELINE_DEMO:-1} exec .venv/bin/careline serve

check: setup ## the fast half: lint, types, rules of the house, unit tests (under a minute)
	@$(MAKE) --no-print-directory -j3 --output-sync=recurse unit lint check-ui

# mypy keeps one processor busy for a minute, and what is brought keeps the network busy: one beside the other.
test: setup ## everything, on the real parts
	@$(MAKE) --no-print-directory -j2 --output-sync=recurse lint brought
	$(PY) -m pytest -n 2 $(AGAIN) --junitxml=artifacts/pytest.xml

brought: setup
	@$(PROVISION) asterisk speech recognition sipp postgres chromium node ui ui-check

fmt: setup ## format the code and mend what can be mended
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

bench: tools ui ## measure; ONLY=audit, chat, connected, customers, desk, floor, routing, stored or voice, RECORD=1 writes docs/performance.md
	@$(PY) -m benchmarks $(if $(RECORD),--record) $(ONLY)

docs: setup ## check the links and the tests that documents name, and that each decision has state and day
	@$(PY) -m tools.docs

wheel: setup ## build the wheel, user interface included, into dist/
	@.tools/bin/uv build --wheel --quiet && ls dist/*.whl

lint: setup
	.venv/bin/ruff check --quiet
	.venv/bin/ruff format --check --quiet
	.venv/bin/mypy $(wildcard src tests tools benchmarks)
	.venv/bin/lint-imports --no-logo --config pyproject.toml
	$(PY) -m tools.house_rules
	$(PY) -m tools.changes check
	$(PY) -m tools.docs

unit: unit-modules unit-rest

unit-modules: setup
	$(PY) -m pytest -q -m "$(FAST)" -o cache_dir=.pytest_cache/modules tests/modules

unit-rest: setup
	$(PY) -m pytest -q -m "$(FAST)" -o cache_dir=.pytest_cache/rest --ignore=tests/modules

check-ui: setup
	@$(PROVISION) ui-check
