# The house's door: two commands for people (demo, test), the rest for those who build it. Needs Python >= 3.11 and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=
# What the consortium's tests say while they wait for blocks; beside other tests they say nothing.
TELL ?= -s
BIN := .venv/bin
SBOM := var/sbom
# npm's own scripts find the pinned Node of the project's environment first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_PROJECT_ENVIRONMENT := .venv
# Compiled once, not at every start: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
export HARDHAT_DISABLE_TELEMETRY_PROMPT := true
NODE := $(CURDIR)/$(BIN)/node

WEB_SOURCES := $(shell find web -type f -not -path '*/dist/*' -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help demo dev unit coverage test check interface fmt web bench clean check-python check-imports check-types check-web check-contracts \
        test-contracts test-web test-python test-consortium consortium test-e2e parts fuzz sbom

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: .venv/.ready node_modules/.ready web/dist/.ready ## Play one evaluation between two cities, then stay up (ARGS=--exit ends instead)
	@$(BIN)/tongping demo $(ARGS)

dev: .venv/.ready node_modules/.ready ## Two centres that start again when code changes, pages that reload; Ctrl-C ends all
	@$(BIN)/python -m node.demo.dev $(ARGS)

web: node_modules/.ready web/dist/.ready ## Build the browser applications

# --- what is needed, installed once -------------------------------------------------------------------------------

.venv/.ready: uv.lock uv.requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
	  echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "· installing the Python parts (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || {
	  echo "Python has no venv module here: install it (on Debian: apt-get install python3-venv) and run make again" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r uv.requirements.txt || {
	  echo "uv was not installed: either the package index could not be reached (check the network or pip's settings, then run" \
	    "make again), or it offered a file whose hash is not in uv.requirements.txt (then do not install it)" >&2; exit 2; }
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

node_modules/.ready: package-lock.json package.json .venv/.ready
	@echo "· installing the browser and contract parts (once, about a minute)"
	@$(BIN)/npm ci --ignore-scripts --no-fund --no-audit --loglevel=error >/dev/null || {
	  echo "npm could not install the parts: check the network or npm's settings, then run make again" >&2; exit 2; }
	@touch $@

web/dist/.ready: node_modules/.ready $(WEB_SOURCES)
	@echo "· building the room and the console"
	@out=$$($(NODE) node_modules/vite/bin/vite.js build web --logLevel error 2>&1) || { echo "$$out" >&2; exit 1; }
	@touch $@

# --- is all well? Silent when it is -------------------------------------------------------------------------------

check: .venv/.ready node_modules/.ready ## Lint, types, import rules; silent when all is well
	@$(MAKE) -j2 check-python check-imports check-types check-web check-contracts

PRETTIER := node_modules/prettier/bin/prettier.cjs
WEB_TEXTS := --ignore-path web/.prettierignore 'web/**/*.{ts,js,vue,css,html,json}'
API_TYPES := node_modules/openapi-typescript/bin/cli.js docs/openapi.json --default-non-nullable=false -o web/shared/api/types.ts

interface: .venv/.ready node_modules/.ready ## Write docs/openapi.json, and the browser's types from it
	@PYTHONPATH=. $(BIN)/python docs/openapi.py
	@$(call quiet,$(NODE) $(API_TYPES))

fmt: .venv/.ready node_modules/.ready ## Write every source as the formatters want it
	@$(BIN)/ruff check --quiet --fix --exit-zero .
	@$(BIN)/ruff format --quiet .
	@$(NODE) $(PRETTIER) --write --log-level warn $(WEB_TEXTS)

quiet = out=$$($(1) 2>&1) || { echo "$$out" >&2; exit 1; }

check-python:
	@$(call quiet,$(BIN)/ruff check .)
	@$(call quiet,$(BIN)/ruff format --check .)

check-imports:
	@$(call quiet,$(BIN)/lint-imports)

check-types:
	@$(call quiet,$(BIN)/mypy)

check-web:
	@$(call quiet,$(NODE) $(API_TYPES) --check)
	@$(call quiet,$(NODE) $(PRETTIER) --check --log-level warn $(WEB_TEXTS))
	@$(call quiet,$(NODE) node_modules/vue-tsc/bin/vue-tsc.js --noEmit -p web/tsconfig.json)
	@$(call quiet,$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 --config web/eslint.config.js web)

check-contracts:
	@$(call quiet,$(NODE) node_modules/solhint/solhint.js --max-warnings 0 'contracts/**/*.sol')

# --- tests --------------------------------------------------------------------------------------------------------

# A path, with or without ::test, or words of names as pytest -k takes them; without it the two quick tiers and what they cover.
T ?=
unit: .venv/.ready node_modules/.ready ## Unit and property tests, with fewer examples (T=tests/unit/node or T="sheet and locked": these)
	@if [ -z "$(T)" ]; then
	  TONGPING_EXAMPLES=20 $(BIN)/pytest -n auto --dist loadfile tests/unit tests/properties
	elif [ -e "$(firstword $(subst ::, ,$(T)))" ]; then
	  $(BIN)/pytest "$(T)"
	else
	  $(BIN)/pytest tests/unit tests/properties tests/rules tests/inputs -m "not browser" -k "$(T)"
	fi

coverage: .venv/.ready node_modules/.ready ## Which share of the lines the quick tiers reach; by file in var/coverage/
	@TONGPING_EXAMPLES=20 $(BIN)/pytest -n auto --dist loadfile --cov --cov-report=html:var/coverage/html \
	  tests/unit tests/properties tests/rules
	@echo "lines of the packages that unit, property and rules reach: $$($(BIN)/coverage report --format=total) %"

test: .venv/.ready node_modules/.ready web/dist/.ready parts ## Run every test
	@$(MAKE) test-contracts test-web
	@$(MAKE) -j2 test-python test-consortium TELL=

parts:
	@$(BIN)/python -m tests.parts

test-contracts:
	@echo "· contracts"
	@$(NODE) node_modules/hardhat/dist/src/cli.js test --snapshot-check --tolerance 2
	@echo "· contracts: which lines and branches these tests reach"
	@$(NODE) tests/contract_coverage.js

test-web:
	@echo "· browser code"
	@$(NODE) node_modules/vitest/vitest.mjs run --root web

test-python:
	@echo "· Python, on all cores"
	@$(BIN)/pytest -n auto --dist loadfile --ignore tests/consortium tests

test-consortium:
	@echo "· the consortium: four signers, three centres"
	@$(BIN)/pytest $(TELL) tests/consortium

# How long each parser is looked at; two at a time on two cores.
fuzz: .venv/.ready ## Give every parser of foreign bytes wrong ones for ten minutes each (SECONDS=60: shorter; ARGS="json note": these)
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),600) $(ARGS)

consortium: .venv/.ready node_modules/.ready parts ## Run four geth signers and an evaluation of three centres on them; stop one, fork the chain
	@$(MAKE) test-consortium

bench: .venv/.ready node_modules/.ready web/dist/.ready ## Measure against others, as ratios, into docs/benchmarks.md (ARGS="gas seal": these alone)
	@$(BIN)/python -m bench $(ARGS)

sbom: .venv/.ready node_modules/.ready ## List every package of both locks, as CycloneDX, in var/sbom/
	@mkdir -p $(SBOM)
	@$(BIN)/uv export --frozen --all-groups --format cyclonedx1.5 --quiet --output-file $(SBOM)/python.cdx.json
	@$(BIN)/npm sbom --sbom-format cyclonedx --package-lock-only --loglevel=error >$(SBOM)/npm.cdx.json

clean: ## Remove what was installed and built; data in var/ stays
	rm -rf .venv node_modules web/dist cache artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
