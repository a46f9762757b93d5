# `make` does what CI does. It sets up .venv on the way (uv where present, pip where not); nothing else is needed first.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(abspath $(VENV))/bin
EXTRA  ?= all

# a test never touches the index in your own cache folder, and two notebooks at a time share the machine fairly
export FASTDEBUG_CACHE := $(abspath $(VENV))/cache/fastdebug
export OMP_NUM_THREADS ?= 1
export PATH := $(BIN):$(PATH)
export VIRTUAL_ENV := $(abspath $(VENV))

# one step after the other, also under make -j
.NOTPARALLEL:
.PHONY: test setup fresh notebooks slow pytest fuzz site open help

test: setup fresh notebooks slow pytest ## all of the below, in this order

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

# each in a process of its own, as a reader runs it, and two at a time: torch's defaults and print options outlive a notebook
notebooks: ## run every notebook, but for cells marked slow or browser
	@git ls-files -z 'nbs/*.ipynb' | xargs -0 -n 1 -P 2 nbdev-test --n-workers 0

slow: ## run the notebooks that have such cells once more, with those cells
	@git ls-files -z 'nbs/*.ipynb' | xargs -0 grep -lE --null '"#\| *(slow|browser)\b' | \
	  xargs -0 -n 1 -P 2 nbdev-test --n-workers 0 --flags 'slow browser'

pytest: ## run tests/; they must reach 95 % of the search rooms, branches counted; learn is reported apart
	$(BIN)/python -m pytest --cov=fastdebug --cov-report=
	$(BIN)/python -m coverage report --omit='fastdebug/learn/*,fastdebug/_modidx.py' --fail-under=95
	$(BIN)/python -m coverage report --include='fastdebug/learn/*'

# nbdev makes the pages as it does for Quarto; smalldocs, in pure Python, makes them a site one can read here
site: setup ## the docs site in _docs, without Quarto
	$(BIN)/python -c 'from nbdev.serve import proc_nbs; proc_nbs()' 2>$(VENV)/site.log || { tail -20 $(VENV)/site.log; exit 1; }
	smalldocs render -q _proc 2>>$(VENV)/site.log
	rm -rf _docs && mv _proc/_docs _docs
	@echo 'The site is in _docs; `make open` shows it.'

open: ## show the site that `make site` made
	@test -f _docs/index.html || { echo 'make site first'; exit 1; }
	$(BIN)/python -m webbrowser -t "file://$(CURDIR)/_docs/index.html"

fuzz: ## random files and questions, other ones each time, for about half an hour; FUZZ_CASES=50000 for longer
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest tests/test_any_bytes.py tests/test_index_equals_scan.py tests/test_killed.py tests/test_many_processes.py --hypothesis-show-statistics

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/:/'
