# Gatescan. Everything runs in .venv; nothing is installed outside this folder.
.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
TESTOPTS ?=

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=..." >&2; exit 1; fi
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing: install it (Debian: apt install python3-venv)." >&2; exit 1; }

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing into .venv ..."
	$(PIP) install -c constraints.txt -e .
	touch $@

.venv/.test: .venv/.installed
	@echo "Installing the test tools ..."
	$(PIP) install -c constraints.txt -e '.[test]'
	touch $@

.venv/.lint: .venv/.installed
	@echo "Installing the checkers ..."
	$(PIP) install -c constraints.txt -e '.[lint,test]'
	touch $@

.venv/.fuzz: .venv/.test
	@echo "Installing the fuzzer ..."
	$(PIP) install -c constraints.txt -e '.[test,fuzz]'
	touch $@

# The Pico's stubs define the same modules as the ESP32's in .venv: they live apart.
build/stubs/.rp2: .venv/bin/python constraints.txt
	$(PIP) install -c constraints.txt --no-deps --upgrade --target build/stubs micropython-rp2-stubs
	touch $@

.PHONY: install
install: .venv/.installed ## Make .venv with .venv/bin/gatescan
	@echo "Ready: $(BIN)/gatescan --help"

.PHONY: demo
demo: .venv/.installed ## The main job end to end, without hardware
	@$(BIN)/python -m gatescan_host.demo.run build/demo

.PHONY: test
test: .venv/.test ## All tests, a file at a time on two cores (TESTOPTS="-k name" chooses)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTOPTS)

.PHONY: soak
soak: .venv/.test ## 10,000 scans and 3,000 RFID tags on the simulator; prints memory and latency as JSON
	@$(BIN)/python tests/bench/soak.py 10000
	$(BIN)/python tests/bench/soak_tags.py 1000

.PHONY: proof
proof: .venv/.test ## 1,000 barcodes a baud rate during flash writes on the emulated Pico; resumable
	@$(BIN)/python tests/proof/lost_scans.py 1000

.PHONY: proof-rules
proof-rules: .venv/.test ## The order: complete, unambiguous, safe, no dead rule; then broken 6,000 times
	@$(BIN)/gatescan rules check host_tools/gatescan_host/site/demo/vestre.yaml
	@$(BIN)/python tests/proof/mutations.py --count all

.PHONY: bench-law
bench-law: .venv/.test ## One answer of the order on the emulated Pico: time and garbage
	@$(BIN)/python tests/bench/pico_law.py

.PHONY: bench-build
bench-build: .venv/.test ## A million items through `table build`: seconds and memory
	@$(BIN)/python tests/host/site/build_million.py

.PHONY: fuzz
fuzz: .venv/.fuzz ## A million damaged and forged inputs for the table reader and for each parser of tags, 1.5 hours
	@$(BIN)/python tests/fuzz/run.py
	@$(BIN)/python tests/fuzz/tags_run.py

.PHONY: fuzz-tags
fuzz-tags: .venv/.test ## The parsers of tags and reader frames only: 23 million inputs, about 20 minutes
	@$(BIN)/python tests/fuzz/tags_run.py

.PHONY: compare-tags
compare-tags: .venv/.test ## Vectors read by Gatescan, biip and epcpy (needs ../shared)
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@$(BIN)/python tests/bench/compare_tags.py

.PHONY: bench-tags
bench-tags: .venv/.test ## GS1 strings and seals on the emulated Pico: milliseconds and garbage
	@$(BIN)/python tests/bench/pico_tags.py
	@$(BIN)/python tests/bench/pico_seal.py

.PHONY: proof-table
proof-table: .venv/.test ## Every bit of a complete table and an overlay, flipped
	@$(BIN)/python tests/fuzz/flips.py

.PHONY: bench-pico
bench-pico: .venv/.test ## The budgets on the emulated Pico: build/bench/pico.json and the README's table
	@$(BIN)/python tests/bench/bench_pico.py --readme

.PHONY: sim
sim: .venv/.installed ## A simulated scanner in this terminal
	@$(BIN)/gatescan sim --demo-table --view

.PHONY: lint
lint: .venv/.lint ## Style and simple faults (ruff)
	@$(BIN)/ruff check .

.PHONY: types
types: .venv/.lint build/stubs/.rp2 ## Type hints (mypy): host and firmware, then each board
	@$(BIN)/mypy
	$(BIN)/python boards/check_types.py

.PHONY: clean
clean: ## Remove .venv and build
	rm -rf .venv build
