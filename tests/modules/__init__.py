"""Tests of the business modules, laid out as the modules are."""
