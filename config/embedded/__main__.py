"""`python -m config.embedded FOLDER`: the supervisor."""

import sys

from config.embedded.supervisor import main

sys.exit(main())
