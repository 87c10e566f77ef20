"""`make test`: all tests with the floor of branch coverage; journeys that could not run are named last."""

import os
import subprocess
import sys

from config.prepare import BASE_DIR, browser, say

COVERAGE_FLOOR = 85  # per cent of branches and lines; lower means a rule was written without a test
HOW = "They need Chromium: as root `apt install chromium`, then `make test` again."


def main() -> int:
    """Run pytest and return its exit code, or 1 where CI could not run the journeys."""
    has_browser = browser() is not None
    # fmt: off
    command = [
        sys.executable, "-m", "pytest", "--numprocesses", "auto", "--maxprocesses", "4",
        "--cov", "--cov-branch", f"--cov-fail-under={COVERAGE_FLOOR}",
    ]
    # fmt: on
    chosen = [] if has_browser else ["-m", "not journey"]
    code = pytest([*command, *chosen, *sys.argv[1:]])
    if has_browser:
        return code
    say("\nThese journeys did not run:")
    pytest([sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "journey", "--no-header"])
    say(HOW)
    return code or (1 if os.environ.get("CI", "").lower() in {"1", "true"} else 0)


def pytest(command: list[str]) -> int:
    """Run `command` in the checkout and return its exit code."""
    return subprocess.run(command, cwd=BASE_DIR, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
