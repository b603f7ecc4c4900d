"""The helpdesks that come with Helpdesk Recovery: the first plugin, using the same door as a stranger."""
