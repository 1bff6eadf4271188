"""`python -m ara_inspector` is `ara-inspector`."""

import sys

from ara_inspector.cli import main

if __name__ == "__main__":
    sys.exit(main())
