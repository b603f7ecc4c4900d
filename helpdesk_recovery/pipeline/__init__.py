"""The line: webhook → delivery → ticket → assessment → decision → offer → write-back → outcome.

One verb, one file; ``line.py`` shows all of it on one page. Thinking is pure and synchronous, talking is
asynchronous and behind the protocols of ``ports.py``.
"""
