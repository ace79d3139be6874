"""Golden programs: each file a function as users write it, beside the text of its derivatives."""
