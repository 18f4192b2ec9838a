"""The explorer: the kernel holds the data, the browser asks for what it draws.

``messages``, ``answers``, ``state`` and ``buffers`` are the contract with the browser; ``document`` writes it
as ``js/src/contract.ts``.
"""
