"""A Django app for the helpdesk's side: tells Helpdesk Recovery of every event, signed, after commit.

It stands alone: copy this folder into the helpdesk's project, or install helpdesk-recovery there.
"""
