"""The nouns that pass along the line: frozen, plain Python, one noun a file."""
