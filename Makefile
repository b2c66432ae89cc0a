.DEFAULT_GOAL := help
.PHONY: help demo test lint format types imports bench prove-way prove-models prove-record prove-routing compose-check clean

VENV := .venv
BIN := $(VENV)/bin
installed = $(VENV)/.installed-$(1)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(call installed,embedded) ## Start everything, submit samples/ and show the verdicts (ONCE=1 stops after the table)
	@$(BIN)/photogate demo $(if $(ONCE),--once)

test: $(call installed,test) ## Run every test on services of its own (ARGS="-k word" narrows it down)
	@tests/run.sh $(ARGS)

lint: $(call installed,dev) ## Check style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(call installed,dev) ## Bring the code into form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(call installed,dev) ## Check the types, strictly in photogate/
	$(BIN)/mypy

imports: $(call installed,dev) ## Check that imports go down the house only
	$(BIN)/lint-imports

bench: $(call installed,train) $(call installed,embedded) ## Measure the pipeline and the queue against the naive way
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.queue_cost

prove-way: $(call installed,test) ## Measure every figure that the README names
	$(BIN)/python -m benchmarks.prove_way

prove-models: $(call installed,test) ## Measure every figure of the models that needs no training
	$(BIN)/python -m benchmarks.prove_models

prove-record: $(call installed,test) ## Measure every figure of the decision record (SIZE=0.02 tries it with less)
	$(BIN)/python -m benchmarks.prove_record $(if $(SIZE),--size $(SIZE))

prove-routing: $(call installed,test) ## Measure every figure of the routing
	$(BIN)/python -m benchmarks.prove_routing

compose-check: ## Check docker-compose.yml with the program that would run it
	@deploy/compose-check.sh

clean: ## Remove what was installed and made; photos and database of the demo too
	rm -rf $(VENV) .photogate build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(call installed,%): pyproject.toml
	@deploy/install.sh $(VENV) $*
	@touch $@
