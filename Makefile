# make demo   set up, simulate a small OSC session with known truth, stack it with the native engine, show the picture's path;
#             make demo DEMO=--open opens it
# make test   set up, run the tests but for the slow ones (without Siril or ASTAP their tests are skipped; `make tools` gets them)
# make test-all  all tests, as in CI
# make tools  Siril 1.4, Siril 1.0.6, astap_cli, astrometry.net, Chromium for the tests, on Debian (some minutes, once)
# make kernels  compile the kernels once, before tests on a new clone
# make folder  one folder with the program, Python and all libraries in dist/, and a trial of it without the Python of this computer
# make lint   style and types
# make soak   50 sessions in a row with random faults (docs/FAULTS.md); some minutes
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TOOLS_DIR ?= $(or $(ORCHESTRATE_TOOLS_DIR),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/orchestrate/tools)

# One worker more than there are processors: some tests wait for other programs.
PYTEST = PATH="$(TOOLS_DIR)/bin:$$PATH" $(BIN)/python -m pytest --dist loadscope \
  -n $$($(BIN)/python -c 'import os; print(min(os.cpu_count() + 1, 8))')

# Without bytecode, each of some hundred processes that the tests start would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all tools kernels folder lint soak clean

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 2>&1 | grep -v '^WARNING' || true
	@$(BIN)/python -c 'import numba, cv2, sep, astropy, pydantic, pytest, hypothesis'
	@touch $@

demo: $(VENV)/.ready
	@rm -rf demo
	@$(BIN)/orchestrate simulate demo/session --preset demo
	@$(BIN)/orchestrate run demo/session --engine native --runs-dir demo/runs --run-id demo $(DEMO)

test: $(VENV)/.ready
	$(PYTEST) -m "not slow"

test-all: $(VENV)/.ready
	$(PYTEST)

tools:
	scripts/real-tools.sh

# Before tests of a new clone: else all workers wait for the one that compiles.
kernels: $(VENV)/.ready
	$(BIN)/orchestrate warmup

# An empty environment: what is missing in the folder must not be found elsewhere.
folder: $(VENV)/.ready
	$(BIN)/python scripts/folder_build.py --no-archive
	env -i PATH=/usr/bin:/bin $(abspath $(BIN))/python scripts/smoke.py dist/orchestrate/orchestrate

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/mypy

soak: $(VENV)/.ready
	$(BIN)/python -m tests.faults.soak --sessions 50

clean:
	rm -rf $(VENV) demo build dist
