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
    chosen = [] if has_browser else ["-m", "not journey"]
    workers = ["--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal"]
    coverage = ["--cov", "--cov-branch", f"--cov-fail-under={COVERAGE_FLOOR}"]
    code = pytest(*workers, *coverage, *chosen, *sys.argv[1:])
    if not has_browser:
        say("\nThese journeys did not run:")
        pytest("--collect-only", "--quiet", "--no-header", "-m", "journey", *sys.argv[1:])
        say(HOW)
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    return code or int(in_ci and not has_browser)


def pytest(*arguments: str) -> int:
    """Run pytest in the checkout and return its exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=BASE_DIR, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
