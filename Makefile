# Every target makes what it needs. Python 3.11 or 3.12, make and git are all that must be there.
PYTHON ?= $(shell for python in python3.12 python3.11 python3; do \
	$$python -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
DOCCANO_PYTHON ?= $(shell python3.11 -c 'import venv' 2>/dev/null && echo python3.11)
BIN := .venv/bin
PORT ?= 8000
STATE ?= .review-state
NEWS ?= ../shared/news
GOLD ?= $(wildcard ../shared/gold/news)
EXTRAS := xlsx parquet report html pdf docx cluster
LOCK := .tools/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help setup extract report test check lint gold gold-update bench review review-pull review-stop picture clean lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: .venv/ready .tools/ready ## make .venv (the project) and .tools (the data package's validator) from the lock files

# A lock file is whole: with --no-deps, pip takes what it names and does not look at releases that came since.
.venv/ready: pyproject.toml locks/main.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or 3.12 with venv is needed; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r locks/main.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.tools/ready: locks/tools.txt
	$(PYTHON) -m venv --clear .tools
	.tools/bin/python -m pip install --quiet --no-deps --require-hashes -r locks/tools.txt
	@touch $@

extract: .venv/ready ## write the fact table of seeds/ to facts/
	$(BIN)/extract run seeds --out facts --aliases annotations/aliases.csv --decisions annotations/decisions.jsonl --resume

report: .venv/ready ## write facts/report.html, the page that shows the table in facts/
	@test -e facts/facts.csv || $(MAKE) --no-print-directory extract
	$(BIN)/extract report facts

test: setup .peers/ready $(if $(DOCCANO_PYTHON),.doccano/ready .review/ready) ## run every test (those that need LibreOffice, Chromium or Python 3.11 are skipped where it is not installed)
	$(BIN)/pytest --numprocesses auto

check: .venv/ready ## validate the table in facts/ against its schema and texts
	$(BIN)/extract check facts

lint: .venv/ready ## style, types, and the architecture's walls
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

gold: .venv/ready ## print the scores against the gold sets (GOLD=DIR adds a folder of gold with its texts/)
	$(BIN)/python tests/gold.py $(GOLD)

gold-update: .venv/ready ## pin the golden tables, the floors and docs/scoreboard.md to today's scores (LOWER=1 also lowers)
	-$(BIN)/pytest tests/test_gold.py --force-regen >/dev/null
	$(BIN)/python tests/gold.py $(if $(LOWER),--lower,--update)

bench: .built/ready .peers/ready ## measure speed and memory beside spaCy's into benchmarks/RESULTS.md, on the texts of NEWS=DIR (default ../shared/news)
	PYTHONPATH=$(CURDIR)/.built $(BIN)/python benchmarks/speed.py $(NEWS) --out benchmarks/RESULTS.md

review: .doccano/ready .review/ready facts/facts.csv ## bring the flagged facts to doccano and show them on a page (PORT=8000)
	.review/bin/extract review start --state $(STATE) --port $(PORT)
	.review/bin/extract review push facts --state $(STATE)

review-pull: .review/ready ## bring the verdicts home to annotations/decisions.jsonl; make extract carries them out
	.review/bin/extract review pull facts --state $(STATE) --decisions annotations/decisions.jsonl \
		--aliases annotations/aliases.csv

review-stop: .venv/ready ## stop doccano
	$(BIN)/extract review stop --state $(STATE)

picture: setup .doccano/ready .review/ready ## take the README's picture of the review page anew
	PICTURE=docs/pictures/review.png $(BIN)/pytest tests/test_review_server.py -k browser

facts/facts.csv:
	$(MAKE) extract

# doccano cannot be installed for Python 3.12.
.doccano/ready: locks/doccano.txt
	@test -n "$(DOCCANO_PYTHON)" || { echo "make: Python 3.11 with venv is needed for doccano; set DOCCANO_PYTHON=/path/to/python"; exit 1; }
	$(DOCCANO_PYTHON) -m venv --clear .doccano
	.doccano/bin/python -m pip install --quiet --no-deps --require-hashes -r locks/doccano.txt
	@touch $@

# What talks to doccano needs older libraries than the rest, so it has an environment of its own.
.review/ready: pyproject.toml locks/review.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or 3.12 with venv is needed; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv --clear .review
	.review/bin/python -m pip install --quiet --no-deps --require-hashes -r locks/review.txt
	.review/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What is measured is what `pip install .` gives: compiled in part.
.built/ready: .venv/ready hatch_build.py $(shell find extract -type f -not -name '*.pyc')
	rm -rf .built
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --target .built .
	@touch $@

# Tools that ours is measured beside are no part of it.
.peers/ready: locks/peers.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or 3.12 with venv is needed; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv --clear .peers
	.peers/bin/python -m pip install --quiet --no-deps --require-hashes -r locks/peers.txt
	@touch $@

clean: ## remove what the other targets made
	rm -rf .venv .tools .built .doccano .review .peers facts .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

lock: ## renew the lock files from pyproject.toml
	$(PYTHON) -m venv --clear .tools/lock
	.tools/lock/bin/python -m pip install --quiet uv
	$(LOCK) --group dev $(EXTRAS:%=--extra %) pyproject.toml --output-file locks/main.txt
	$(LOCK) --group build --extra review pyproject.toml --output-file locks/review.txt
	$(LOCK) --group doccano --output-file locks/doccano.txt
	$(LOCK) --group training pyproject.toml --output-file locks/training.txt
	$(LOCK) --group peers --output-file locks/peers.txt
	$(LOCK) --group tools --output-file locks/tools.txt
