# pyovn: `make demo` plays tutorials on networks in one process, `make test` tries everything, `make check` is what CI runs.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
SYSTEM_PACKAGES := openvswitch-switch openvswitch-common ovn-common iproute2 iputils-ping isc-dhcp-client tcpdump curl ethtool
TESTS ?= tests
COMPILED_TESTS := tests/ovsdb tests/query tests/northd tests/runtime
WORKERS ?= 2

.PHONY: demo test check check-compiled compiled pure lint tidy system bench clean

demo: $(VENV)/.installed
	$(BIN)/python -m pyovn.lab

test: $(VENV)/.developing system
	$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist loadfile

check: lint tidy test

# The modules that setup.py names, as machine code beside their sources, which Python then takes until `make pure`.
compiled: $(VENV)/.developing
	PYOVN_COMPILED=1 $(BIN)/python setup.py -q build_ext --inplace

pure:
	rm -rf build
	find pyovn -name '*.so' -delete

check-compiled: $(VENV)/.developing
	@command -v $(CC) >/dev/null || { echo "there is no C compiler here: the compiled modules are not tried"; exit 0; }; \
	$(MAKE) compiled || exit 1; \
	$(BIN)/python -m pytest tests/test_tidy.py $(COMPILED_TESTS) -n $(WORKERS) --dist loadfile; status=$$?; $(MAKE) pure; exit $$status

lint: $(VENV)/.developing
	$(BIN)/ruff check pyovn tests bench setup.py
	$(BIN)/mypy

tidy: $(VENV)/.developing
	$(BIN)/python -m pytest tests/test_tidy.py

bench: $(VENV)/.developing
	for file in bench/*.py; do $(BIN)/python $$file || exit 1; done

# What the integration tests use of the system; without it they are skipped and say what they miss.
system:
	@sh tests/integration/system.sh $(SYSTEM_PACKAGES)

# A Python without `ensurepip` (Debian's) gets its environment from the pip outside.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: python: none of version 3.11 or later was found; install one or set PYTHON=" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.installed: pyproject.toml setup.py launchers/launcher.sh | $(VENV)/bin/python
	sh -c '$(BIN)/python -m pip --version >/dev/null 2>&1 && exec $(BIN)/python -m pip install -q --disable-pip-version-check -e . || exec $(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check -e .'
	@touch $@

$(VENV)/.developing: pyproject.toml setup.py launchers/launcher.sh | $(VENV)/bin/python
	sh -c '$(BIN)/python -m pip --version >/dev/null 2>&1 && exec $(BIN)/python -m pip install -q --disable-pip-version-check -e ".[dev]" || exec $(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check -e ".[dev]"'
	@touch $@ $(VENV)/.installed

clean: pure
	rm -rf $(VENV) dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
