"""The explorer: the kernel holds the data, the browser asks for what it draws.

``messages``, ``answers``, ``state`` and ``buffers`` are the contract with the browser; ``document`` writes it
as ``js/src/contract.ts``. ``widget`` holds what lasts, ``desk`` answers every request once, by the handlers that
``registry`` names; ``shelf``, ``records``, ``sources`` and ``rows`` are what they look things up in, ``drawing``
what they draw with.
"""
