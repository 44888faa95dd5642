# Every target creates .venv when it is missing. CORES: how many cores Snakemake may use.
PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || echo 2)
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install data study smoke report verify numbers test cluster-test bench faults check format ui

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.installed ## Create .venv with the exact versions of requirements.txt

$(VENV)/.installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

data: install ## Download and verify image sets: make data SETS="Set5 Set14" (all: 15 GB)
	$(BIN)/dasr data $(SETS)

study: install ## Run the main study: networks, tables, figures, MLflow (40 minutes on 2 cores)
	$(BIN)/snakemake --cores $(CORES) all

smoke: install ## Run every variant with tiny networks, to see that all of it works (2 minutes)
	$(BIN)/snakemake --cores $(CORES) all --configfile config/smoke.yaml

report: install ## Bundle the main study's tables and figures into one page, reports/main.html
	$(BIN)/snakemake --cores $(CORES) --report reports/main.html

verify: install ## Compute a report's tables again: make verify REPORT=reports/x (NETWORK=...: retrain it)
	$(BIN)/dasr verify $(REPORT) $(if $(NETWORK),--network $(NETWORK))

numbers: install ## Place the marked numbers of README, docs and reports from their files
	$(BIN)/dasr numbers

test: install ## Run the tests (8 minutes on 2 cores, no GPU, no network)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

cluster-test: install ## Run a study through a real Slurm on this machine (6 minutes; root, Debian or Ubuntu)
	@$(BIN)/python -c "import snakemake_executor_plugin_slurm" 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-slurm.txt
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.cluster

bench: install ## Measure speed against plain implementations (6 minutes on 2 cores, keep them idle)
	$(BIN)/python -m pytest benchmarks -q --benchmark-columns=median,rounds

faults: install ## Kill a small study 100 times and compare (half an hour on 2 cores, keep them idle)
	$(BIN)/python -m tests.faults.campaign

check: install ## Lint, types, import contracts, workflow format and lint, numbers in prose
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	$(BIN)/dasr numbers --check

format: install ## Format Python and Snakemake files
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

ui: install ## Open MLflow's pages on http://127.0.0.1:5000
	$(BIN)/mlflow ui --backend-store-uri sqlite:///mlflow.db
