"""Tests of careline.infra: what every module stands on."""
