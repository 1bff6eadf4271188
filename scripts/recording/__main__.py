"""`python -m recording`: what `scripts/record-fixtures` runs."""

import sys

from recording.record import main

sys.exit(main())
