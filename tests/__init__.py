"""The tests of backprose."""
