"""``python -m backprose``."""

import sys

from backprose.cli import main

if __name__ == "__main__":
    sys.exit(main())
