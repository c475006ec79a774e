"""Tests of customers, their lines, masks and full values given out."""
