"""Servers that take signed deliveries: ours, and what a good developer would write instead."""
