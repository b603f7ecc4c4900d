"""Signed tokens of our own: what kinds there are, and the one door that makes and reads them."""
