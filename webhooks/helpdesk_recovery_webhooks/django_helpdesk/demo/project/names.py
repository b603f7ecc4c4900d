"""Names that the project seeds and the demonstration uses."""

QUEUE_SLUG = "support"
QUEUE_EMAIL = "support@desk.example"
AGENT = "agent"
BOT = "recovery"
