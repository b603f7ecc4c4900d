"""The same three steps a ticket on four engines, each run in a process of its own."""
