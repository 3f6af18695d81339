# Everything a course needs, from a bare Python >= 3.11.
PYTHON ?= python3
VENV := .venv
# One BLAS thread: quicker side by side, and sums round alike on every machine.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-stamp
SECONDS ?= 60
SIZES ?= 10 100 1000
POINTS ?= 50

.PHONY: help setup demo test lint types build check selfcheck mutation fuzz bench faults lock clean
.DEFAULT_GOAL := help

help:            ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */: /' | awk -F': ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## .venv with pinned dependencies and the autograder command

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup      ## build the release, grade a sample class, show the gradebook
	$(BIN)/autograder demo

# Tests run side by side on all cores; a worker that is done takes over half of what another has left.
test: setup      ## lint, types, drift, self-check and all tests
	$(MAKE) --jobs=4 lint types check selfcheck
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

lint: setup      ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup     ## mypy, strict for autograder/
	$(BIN)/mypy

build: setup     ## instructor notebooks and release
	$(BIN)/autograder build

check: setup     ## is the committed release what the sources make?
	$(BIN)/autograder build --check

selfcheck: setup ## reference 100 %, untouched release 0
	$(BIN)/autograder selfcheck

mutation: setup  ## do the hidden suites notice every small change to the reference?
	$(BIN)/autograder mutation --check

fuzz: setup      ## feed random bytes to what reads frames and notebooks: make fuzz SECONDS=600
	$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[fuzz]'
	$(BIN)/python -m autograder.tests.fuzz $(SECONDS)

faults: setup    ## kill grading at many points, fill its disk, damage its files: make faults POINTS=200
	AUTOGRADER_KILLS=$(POINTS) $(BIN)/python -m pytest --numprocesses=auto --dist=worksteal autograder/tests/faults

bench: setup     ## how fast is it, and what does it need: make bench SIZES="10 100"
	@$(BIN)/python -m benchmarks --sizes "$(SIZES)"

lock:            ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --extra mutation --extra postgresql --extra dask --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --output-file requirements.lock
	sed -i '1i # Pinned dependencies of the course, its tests and tools. Made by `make lock`; never edited by hand.' requirements.lock

clean:           ## remove .venv, build/ and caches; never a course's data
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
