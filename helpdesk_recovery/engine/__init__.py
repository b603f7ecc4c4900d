"""How work is woken and spread: one port, and a driver for each of the two databases."""
