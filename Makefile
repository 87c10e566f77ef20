# Thin: the logic is in config/ and manage.py.
PY := .venv/bin/python

.PHONY: test check
test:
	$(PY) -m pytest -n 2

check:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/lint-imports
