# `make` does what CI does first. It sets up .venv on the way (uv where present, pip where not); nothing else is needed.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(abspath $(VENV))/bin
EXTRA  ?= all

# a test never touches the index in your own cache folder, and two notebooks at a time share the machine fairly
export FASTDEBUG_CACHE := $(abspath $(VENV))/cache/fastdebug
export FASTDEBUG_SETTINGS := $(CURDIR)/tests/own.ini
export OMP_NUM_THREADS ?= 1
export PATH := $(BIN):$(PATH)
export VIRTUAL_ENV := $(abspath $(VENV))

# every step adds what it covered; `make coverage` counts it all together
COVERED := $(abspath $(VENV))/coverage
export COVERAGE_FILE := $(COVERED)/data

# EXTRA=dev has no torch: what needs it is left out, by marker and by which notebooks are run
comma := ,
LEARN := $(filter all learn,$(subst $(comma), ,$(EXTRA)))
MARKED = -m "$(1)$(if $(LEARN),, and not learn)"
PYTEST = $(BIN)/coverage run -m pytest $(TWICE) $(call MARKED,$(1))
# two files of tests at a time; in a browser one, which is many processes by itself
TWICE  = -n 2 --dist loadfile
BOOKS  = $(BIN)/python tests/helpers/which_notebooks.py $(if $(LEARN),,--without-learn)

# each in a process of its own, as a reader runs it, and two at a time: torch's defaults and print options outlive a notebook
RUN = xargs -0 -r -n 1 -P 2 $(if $(SEED),$(BIN)/python tests/helpers/run_notebook.py --seed $(SEED),nbdev-test --n-workers 0)

# a list of notebooks that can't be made fails its step
SHELL := bash
.SHELLFLAGS := -o pipefail -c

# one step after the other, also under make -j
.NOTPARALLEL:
.PHONY: test setup fresh forget notebooks pytest covered slow corpora model browser opensearch coverage quick fuzz hub-long site open help

test: setup fresh forget notebooks pytest covered ## all that a bare clone can show, in this order

setup: ## an environment in $(VENV) with everything the tests need
	@if uv --version >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip install --quiet --python $(VENV) -e '.[$(EXTRA)]' -c constraints.txt; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet -e '.[$(EXTRA)]' -c constraints.txt; \
	fi

# what is generated must already be there: modules, clean notebooks, Markdown twins, README
fresh: ## regenerate everything; fail if that changed or added a file
	@state() { git status --porcelain; git diff | git hash-object --stdin; }; \
	before=$$(state) && nbdev-export && nbdev-clean && fastdebug mds && after=$$(state) || exit 1; \
	if [ "$$before" != "$$after" ]; then \
	  git --no-pager diff --stat; git status --short; \
	  echo "make fresh: generated files were stale; they are fresh now, commit them"; exit 1; fi

forget: # what was covered before was other code
	@rm -rf $(COVERED) && mkdir -p $(COVERED)

notebooks: ## run every notebook, but for cells marked slow or browser
	@$(BOOKS) | $(RUN)

pytest: ## run tests/, but for what has a step of its own
	$(call PYTEST,not (slow or corpora or model or browser or opensearch))

# ---- a test with several of these markers runs in the last of its steps

slow: ## notebooks with cells marked slow, with these cells, and slow tests; SEED=1 adds 1 to the seeds in notebooks
	@$(BOOKS) --with slow | $(RUN) $(if $(SEED),--with,--flags) slow
	$(call PYTEST,slow and not (corpora or model or browser or opensearch))

corpora: ## what searches other people's notebooks, in the folder that FASTDEBUG_SHARED names
	$(call PYTEST,corpora and not (model or browser or opensearch))

model: ## what needs the weights of a sentence model
	$(call PYTEST,model and not (browser or opensearch))

browser: ## what needs Chromium
	@$(BOOKS) --with browser | $(RUN) $(if $(SEED),--with,--flags) browser
	$(call PYTEST,browser and not opensearch)

opensearch: ## what asks a real OpenSearch, which its own launcher fetches and starts; needs Java 17, Maven and openssl
	$(call PYTEST,opensearch$(if $(FASTDEBUG_SHARED),, and not corpora))

browser opensearch: TWICE =

# ---- how much of the package the steps so far have run, branches counted

SEARCH  := --omit='fastdebug/learn/*'
LEARNED := --include='fastdebug/learn/*'
COMBINE = if ls $(COVERED)/data.* >/dev/null 2>&1; then $(BIN)/coverage combine -q --append; fi

covered: ## what has been covered so far: no step alone covers all that must be
	@$(COMBINE)
	@echo "covered so far: $$($(BIN)/coverage report --format=total $(SEARCH)) % of search$(if $(LEARN),$(comma) \
	  $$($(BIN)/coverage report --format=total $(LEARNED)) % of learn)"

coverage: ## after `make test slow corpora model browser opensearch`: 95 % of the search rooms, 85 % of learn, or fail
	@$(COMBINE)
	$(BIN)/coverage report $(SEARCH) --fail-under=95
	$(if $(LEARN),$(BIN)/coverage report $(LEARNED) --fail-under=85)

# ---- beside

quick: ## a contributor's first five minutes: no torch, no network but to install, no notebook run twice
	@$(MAKE) --no-print-directory EXTRA=dev setup fresh
	$(BIN)/python -m pytest -q $(TWICE) -m "not (slow or corpora or model or browser or opensearch or learn or network)"

fuzz: ## random files and questions, other ones each time, for about half an hour; FUZZ_CASES=50000 for longer
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest tests/test_any_bytes.py tests/test_index_equals_scan.py tests/test_killed.py tests/test_many_processes.py tests/test_attacks_threads.py --hypothesis-show-statistics

hub-long: export HUB_SCALE := 10
hub-long: export HUB_SEED := $(or $(HUB_SEED),$(shell date +%s))
hub-long: ## ten times what `make opensearch` tries of a hub, other cases each time, and how it grows; takes long
	@echo "HUB_SEED=$$HUB_SEED"
	$(BIN)/python -m pytest tests/opensearch -m opensearch
	$(BIN)/python -m benchmarks hub

# nbdev makes the pages as it does for Quarto; smalldocs, in pure Python, makes them a site one can read here
site: setup ## the docs site in _docs, without Quarto
	$(BIN)/python -c 'from nbdev.serve import proc_nbs; proc_nbs()' 2>$(VENV)/site.log || { tail -20 $(VENV)/site.log; exit 1; }
	smalldocs render -q _proc 2>>$(VENV)/site.log
	rm -rf _docs && mv _proc/_docs _docs
	@echo 'The site is in _docs; `make open` shows it.'

open: ## show the site that `make site` made
	@test -f _docs/index.html || { echo 'make site first'; exit 1; }
	$(BIN)/python -m webbrowser -t "file://$(CURDIR)/_docs/index.html"

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/:/'
