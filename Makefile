# The one task runner. `make run` and `make test` set themselves up; nothing else is needed first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := $(VENV)/spark
LANGUAGE ?= en
OUT ?= out
MARGIN ?=

.PHONY: run test test-slow lint types contracts check docs format lock audit wheel clean

run: $(READY)  ## analyse the committee's printed table, write out/
	$(BIN)/switchstats run --out $(OUT) --lang $(LANGUAGE) $(if $(MARGIN),--margin $(MARGIN))

test: $(READY) check  ## everything that CI checks
	$(BIN)/pytest -m "not slow"

test-slow: $(READY) $(if $(SPARK_HOME),,$(SPARK)/.ready)  ## with Apache Spark itself, on Java 17
	SPARK_HOME=$(or $(SPARK_HOME),$(CURDIR)/$(SPARK)/pyspark) $(BIN)/pytest -m slow

check: lint types contracts

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/basedpyright

contracts: $(READY)
	$(BIN)/lint-imports --no-cache

docs: $(READY)  ## the site, into docs/_build/html; notebooks are run for it
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(READY)
	$(BIN)/python -m build --no-isolation --outdir dist .

lock: $(READY)  ## renew the lock files; they hold names, versions and hashes only
	$(BIN)/uv pip compile --quiet --universal --all-extras --generate-hashes --upgrade --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade --no-emit-index-url --no-annotate --no-header requirements-bootstrap.in -o requirements-bootstrap.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade --no-emit-index-url --no-annotate --no-header requirements-spark.in -o requirements-spark.lock

audit: $(READY)  ## known vulnerabilities of what the lock files name, where a service that lists them answers
	$(BIN)/python .ci/audit $(BIN)/uv requirements.lock requirements-bootstrap.lock requirements-spark.lock

$(READY): requirements.lock requirements-bootstrap.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(SPARK)/.ready: requirements-spark.lock  # half a gigabyte, so not among the other packages
	$(BIN)/uv pip install --quiet --target $(SPARK) --no-deps --require-hashes --build-constraints $< -r $<
	touch $@

clean:
	rm -rf $(VENV) dist build out docs/_build docs/notebooks docs/methods/pictures
