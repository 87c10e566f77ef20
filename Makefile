# Thin: what happens stands in config/prepare.py, config/run.py and config/testing.py.
# Every path is relative, so the checkout may lie where it likes.

# The first Python that the pinned packages and the embedded servers know; `make run PYTHON=…` takes another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
IN_VENV := .venv/bin/python
CHECK := DJANGO_SETTINGS_MODULE=config.settings.check
# The migration check opens no database; the warning that it could not ask one says nothing new.
NO_DATABASE := -W "ignore:Got an error checking a consistent migration history:RuntimeWarning"

.DEFAULT_GOAL := help
.PHONY: help run test check

help: ## show this
	@echo "make run     start the app with its own servers and demo data, and print the address and sign-ins"
	@echo "             (PORT=8010 chooses the port; without it the first free one from 8000 on)"
	@echo "make test    run all tests, browser journeys included"
	@echo "make check   formatting, lint, import contract, templates, types, migrations, deployment settings"
	@echo "make help    show this"
	@echo
	@echo "Python commands: .venv/bin/python manage.py … (finds the running servers, or starts its own)"

run:
	@$(PYTHON) -I config/prepare.py && exec $(IN_VENV) -m config.run --tied

test:
	@$(PYTHON) -I config/prepare.py --dev --browser && exec $(IN_VENV) -m config.testing

check:
	@$(PYTHON) -I config/prepare.py --dev
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	.venv/bin/lint-imports
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	$(IN_VENV) -m djlint --lint --quiet templates
	$(IN_VENV) -m mypy .
	$(CHECK) $(IN_VENV) $(NO_DATABASE) manage.py makemigrations --check --dry-run
	$(CHECK) $(IN_VENV) manage.py check --deploy --fail-level WARNING
