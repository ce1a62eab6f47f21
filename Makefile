# The project's commands. Settings (PORT, DATABASE_URL, …) come from the environment.
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check coverage bench mutate lock clean screenshots

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## start the product on 127.0.0.1:8050 with the scheme and illustrative figures
	@sh scripts/environment.sh run
	@$(BIN)/portfolio init --demo
	@exec $(BIN)/portfolio serve

test: ## the whole suite, on SQLite and PostgreSQL, with the pages in Chromium
	@sh scripts/environment.sh dev
	@sh scripts/system-packages.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## lint, format, types, import contracts
	@sh scripts/environment.sh dev
	@sh scripts/check.sh

coverage: ## the suite with branches measured, against the floor in pyproject.toml (slower than the tests); not part of them
	@sh scripts/environment.sh dev
	@sh scripts/system-packages.sh
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

bench: ## benchmarks as ratios measured in one run
	@sh scripts/environment.sh dev
	@sh scripts/system-packages.sh
	@$(BIN)/python -m bench $(ARGS)

mutate: ## which wrong changes to the rules no test notices (half an hour); not part of the tests
	@sh scripts/environment.sh dev
	@$(BIN)/python -m bench.mutate $(ARGS)

screenshots: ## the README's screenshots, from the running product
	@sh scripts/environment.sh dev
	@sh scripts/system-packages.sh
	@$(BIN)/python scripts/screenshots.py

lock: ## renew both lock files (needs uv)
	uv pip compile pyproject.toml --group build --generate-hashes --no-annotate --no-header --python-version 3.11 --universal -q -o requirements.lock
	uv pip compile pyproject.toml --group build --group bench --group dev --generate-hashes --no-annotate --no-header --python-version 3.11 --universal -q -o requirements-dev.lock

clean: ## remove the environment and caches, keep the data
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
