"""Run a Procfile's programs through honcho: `python -m config.side_by_side PROCFILE`, the web on $PORT.

honcho's own handler of a signal fails while a program has started and honcho has not yet heard of it:
it then dies and leaves the program behind. Here a signal is noted, and obeyed once all have been heard of.
"""

import os
import signal
import sys
from pathlib import Path

from honcho.environ import expand_processes, parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class PatientManager(Manager):
    """honcho's manager, told by a signal to stop at any moment."""

    asked_to_stop = False

    def _start(self) -> None:
        # The loop has just set honcho's handlers; no program runs yet.
        for number in EXIT_CODES:
            signal.signal(number, self._note)
        super()._start()

    def _note(self, number: int, frame: object) -> None:
        self.returncode = EXIT_CODES[signal.Signals(number)]
        self.asked_to_stop = True

    def _any_stopped(self) -> bool:
        """Return what makes honcho end the rest; it asks ten times a second, once all have started."""
        return self.asked_to_stop or bool(super()._any_stopped())


def main(procfile: Path) -> int:
    """Run until a program ends or a signal comes; return its exit code, or the signal's."""
    programs = parse_procfile(procfile.read_text()).processes
    manager = PatientManager(Printer(sys.stdout))
    for program in expand_processes(programs, env=dict(os.environ), port=5000):
        manager.add_process(program.name, program.cmd, env=program.env)
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
