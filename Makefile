# Every target builds the environment first, if it is missing or older than the lock file.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
INSTALL := $(PYTHON) -m pip --python $(BIN)/python install --quiet
NEWEST := --upgrade --editable '.[networks,dev,editable]'
PACKAGES := $(if $(LATEST),$(NEWEST),--require-hashes -r requirements.lock)
# LIGHT=1: without PyTorch, which takes 3 GB, and without what only tests need.
LAB := $(if $(LIGHT),$(or $(wildcard $(READY)),.venv/light),$(READY))
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
ifdef COURSE_DATA
export COURSE_DATA := $(abspath $(COURSE_DATA))
endif

# Small training steps on few cores: a second thread costs more in waiting than it computes.
test test-all test-monthly test-browser mutants class-load: export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help setup lab fresh class class-load test test-all test-monthly mutants slides site links test-browser film \
        notebooks facts check format audit bench lock release clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
.venv/light: PACKAGES := --require-hashes -r requirements-light.lock
.venv/light: requirements-light.lock pyproject.toml
$(READY) .venv/light:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, but $(PYTHON) is " + sys.version.split()[0] + "; try: make PYTHON=python3.12 ...")'
	@$(BIN)/python -c "" 2>/dev/null || $(PYTHON) -m venv --clear --without-pip .venv
	$(INSTALL) --progress-bar on $(PACKAGES)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY) ## create the environment in .venv from requirements.lock; LATEST=1: the newest of everything

lab: $(LAB) ## open your copies of the notebooks in JupyterLab; N=3: the third; LIGHT=1: without PyTorch
	@$(BIN)/course lab $(if $(N),--notebook $(N)) $(ARGS)

fresh: $(firstword $(wildcard $(READY) .venv/light) $(READY)) ## lay a clean copy of notebook N beside yours, which is kept: make fresh N=3
	@$(if $(N),,echo "Which notebook? make fresh N=3"; exit 1)
	@$(BIN)/course fresh $(N)

class: $(READY) class/node_modules ## serve the course to a class, as root: INSTRUCTORS="ann ben" (docs/class.md; needs npm)
	@$(BIN)/python -m jupyterhub --config class/jupyterhub_config.py $(ARGS)

class-load: $(READY) class/node_modules ## let a class of N=30 made students click at once, and measure
	$(BIN)/python class/load.py $(N)

test: $(READY) ## run every test and compare every notebook with its stored outputs
	$(PYTEST)

test-all: test ## run the slow tests, too, and try random arguments for a minute
	FUZZ_SECONDS=60 $(PYTEST) -m "slow or fuzz"

test-monthly: $(READY) ## run the tests that take long, or lean on the inside of other projects
	$(PYTEST) -m monthly

mutants: $(READY) ## change the code at random, and count the changes that the tests notice
	$(BIN)/python tests/mutants.py

slides: $(READY) docs/node_modules ## turn the notebooks into slides in docs/build/slides (needs npm)
	$(BIN)/python docs/make_slides.py

site: slides ## build the website, with the slides, in docs/build/site (needs npm)
	$(BIN)/python docs/make_site.py

links: $(READY) ## ask the addresses that the website names whether they answer (needs a network)
	$(BIN)/python docs/make_site.py --links

test-browser: slides class/node_modules ## test what a browser shows (needs Chromium and npm)
	$(PYTEST) tests/browser

film: $(READY) ## record the moving picture of the README (needs Chromium)
	$(BIN)/python tests/browser/make_film.py

docs/node_modules class/node_modules: %/node_modules: %/package-lock.json
	@npm --version >/dev/null 2>&1 || { echo "npm is missing, which brings what $* needs: install Node.js"; exit 1; }
	npm ci --prefix $* --no-audit --no-fund
	@touch $@

notebooks: $(READY) ## run every notebook and store its outputs
	$(BIN)/python tests/execute_notebooks.py
	$(BIN)/python tests/write_facts.py

facts: $(READY) ## write again what is stated in several places: times, totals, versions, who shows what
	$(BIN)/python tests/write_facts.py

check: $(READY) ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY) ## mend style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: $(READY) ## look for known faults in the packages (needs PyPI) and in the workflows
	$(BIN)/zizmor --offline .github
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off

bench: $(READY) ## measure speed and memory, side by side with other libraries: a table and a plot
	$(BIN)/python tests/bench.py

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

lock: ## look for newer versions, write them to requirements.lock, and install them (needs uv)
	$(COMPILE) --upgrade --all-extras --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra editable --constraint requirements.lock \
	    --output-file requirements-light.lock pyproject.toml
	$(MAKE) facts

release: $(READY) ## write the students' version to build/students; EXAM="blend psnr": not their answers
	@mkdir -p build
	$(BIN)/python -m exercises release build/students --exam $(EXAM)

clean: ## remove the environment and everything generated
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build docs/build docs/node_modules class/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
