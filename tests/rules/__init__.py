"""Tests of the derivative rules, made from the registry."""
