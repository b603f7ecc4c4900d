"""The JSON API, ``/api/v1``: what an account's own programs may read."""
