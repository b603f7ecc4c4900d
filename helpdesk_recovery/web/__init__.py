"""HTTP in: the webhook door, the JSON API and what operators watch."""
