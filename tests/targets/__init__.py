"""What the emitted text should feel like: primal functions beside derivatives written by hand."""
