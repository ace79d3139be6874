"""``python -m backprose``."""

import sys

from backprose.cli import main

sys.exit(main())
