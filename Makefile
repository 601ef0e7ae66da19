# CTS. "make run" is all it takes to try it. Needs python3 (3.11 or later) and make; "make help" lists the rest.
# Everything is installed into .venv, from locks with hashes; nothing is written outside this folder but, by
# "make test" on Debian or Ubuntu and only if missing, the system parts that the tests need.

PYTHON ?= python3
PORT   ?= 8501
ARGS   ?=
VENV   := .venv
BIN    := $(VENV)/bin
# Two test processes, each with a file at a time: a file shares its server.
PARALLEL ?= -n 2 --dist loadfile
CODE   := $(wildcard app.py bench cts db pages tests)
UNIT   := not browser and not slow and not postgres
# Many processes read the same code: what Python translated once is kept (in __pycache__) also where that is switched off.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run environment test-environment system-parts test unit browser bench lint format docs pictures lock sbom clean

help:
	@echo "make run       start CTS with demonstration data at http://localhost:$(PORT)"
	@echo "make test      install what the tests need, check the code, run every test"
	@echo "make unit      the rules and the stories, on SQLite (under 2 minutes)"
	@echo "make browser   the tests in a real browser"
	@echo "make bench     measure CTS beside plain parts, print a table (BENCH=--full: at 1,000,000 assignments)"
	@echo "make lint      style, frequent mistakes and types"
	@echo "make format    bring the code into the project's style"
	@echo "make docs      write the documents that are made from the code"
	@echo "make pictures  take the pictures of the README anew, in a real browser"
	@echo "make lock      work out requirements*.txt anew (UPGRADE=--upgrade for newer versions)"
	@echo "make sbom      write what CTS is made of, every locked package, to $(SBOM) (CycloneDX)"
	@echo "make clean     remove .venv and caches; what CTS keeps in var/ stays"
	@echo "Tests take ARGS, for example: make unit ARGS='-k referral -x'"

run: environment
	@CTS_BASE_URL="$${CTS_BASE_URL:-http://localhost:$(PORT)}" exec $(BIN)/python -m cts serve --port $(PORT)

# $(1) the locks to install, $(2) the name of the note in .venv that says which of them it holds
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
    found="$$($(PYTHON) --version 2>/dev/null || echo not found)"; \
    echo "CTS needs Python 3.11 or later; $(PYTHON) is $$found." >&2; \
    echo "If a later one is installed, name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
@wanted="$$(cat $(1) | cksum)"; \
if [ "$$(cat $(VENV)/$(2).sum 2>/dev/null)" != "$$wanted" ] || ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
    echo "Installing into $(VENV) (the first time takes a minute or two) …"; \
    $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
        || $(PYTHON) -m venv --clear $(VENV) \
        || { echo "Python could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
    $(BIN)/python -m pip install -q --disable-pip-version-check --no-input --only-binary :all: --require-hashes \
        $(addprefix -r ,$(1)) >$(VENV)/install.log 2>&1 \
        || { tail -n 8 $(VENV)/install.log >&2; \
             echo "The packages could not be installed; all of it is in $(VENV)/install.log." >&2; exit 1; }; \
    echo "$$wanted" >$(VENV)/$(2).sum; \
    cat requirements.txt | cksum >$(VENV)/run.sum; \
fi
endef

environment:
	$(call install,requirements.txt,run)

test-environment:
	$(call install,requirements.txt requirements-dev.txt,test)

system-parts:
	@.ci/system-parts

# Style and types are checked beside the first tests: mypy alone would leave a processor idle.
test: test-environment system-parts
	@( $(CHECKS) ) & checks=$$!; \
	$(BIN)/python -m pytest -q $(PARALLEL) $(ARGS); tests=$$?; \
	wait $$checks || { echo "Style or types: what was found stands above (or: make lint)." >&2; exit 1; }; \
	exit $$tests

unit: test-environment
	@$(BIN)/python -m pytest -q $(PARALLEL) -m "$(UNIT)" tests/domain tests/stories $(ARGS)

browser: test-environment system-parts
	@$(BIN)/python -m pytest -q $(PARALLEL) -m browser $(ARGS)

bench: test-environment system-parts
	@$(BIN)/python -m bench $(BENCH)

lint: test-environment
	@$(CHECKS)

CHECKS = $(BIN)/ruff check -q $(CODE) || exit 1; \
	$(BIN)/ruff format -q --check $(CODE) || { echo "Style: run \"make format\"." >&2; exit 1; }; \
	$(BIN)/mypy --no-error-summary $(filter-out tests,$(CODE))

format: test-environment
	@$(BIN)/ruff check -q --fix-only $(CODE)
	@$(BIN)/ruff format -q $(CODE)

docs: test-environment
	@$(BIN)/python -m cts docs

pictures: test-environment system-parts
	@$(BIN)/python docs/make_pictures.py

UV := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
      --no-emit-index-url --no-header --system-certs $(UPGRADE)
lock: test-environment
	@$(UV) requirements.in -o requirements.txt
	@$(UV) requirements-dev.in -o requirements-dev.txt

SBOM ?= var/sbom.json
sbom: test-environment
	@mkdir -p $(dir $(SBOM))
	@$(BIN)/cyclonedx-py requirements requirements.txt --output-format JSON --output-reproducible --output-file $(SBOM)
	@echo "$(SBOM)"

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
