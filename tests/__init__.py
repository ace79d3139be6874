"""The tests of backprose."""

import os

os.environ.setdefault("BACKPROSE_CACHE_DIR", "")  # programs of tests are not left in the user's own disk cache
