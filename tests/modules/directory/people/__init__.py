"""Tests of agents, their skills, capacity and endpoints."""
