"""No test reads or writes the user's own disk cache: those of the cache choose a folder of their own."""

import os

os.environ["BACKPROSE_CACHE_DIR"] = ""
