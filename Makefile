# Every target makes what it needs. Python 3.11 or 3.12, make and git are all that must be there.
PYTHON ?= $(shell for python in python3.12 python3.11 python3; do \
	$$python -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
NEWS ?= ../shared/news

.DEFAULT_GOAL := help
.PHONY: help setup extract test check lint gold gold-update bench review clean lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: .venv/ready .tools/ready ## make .venv (the project) and .tools (the data package's validator) from the lock files

.venv/ready: pyproject.toml locks/main.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or 3.12 with venv is needed; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r locks/main.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.tools/ready: locks/tools.txt
	$(PYTHON) -m venv --clear .tools
	.tools/bin/python -m pip install --quiet --require-hashes -r locks/tools.txt
	@touch $@

extract: .venv/ready ## write the fact table of seeds/ to facts/
	$(BIN)/extract run seeds --out facts
