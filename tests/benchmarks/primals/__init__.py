"""The functions that are timed, written as a user would write them: a module for each family."""
