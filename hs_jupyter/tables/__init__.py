"""Records become typed Arrow tables here, and leave as pandas, polars or records.

``build`` makes the table of a page, ``collect`` one of all pages, each record once (``identity``) and in
its place (``order``); ``values`` and ``join`` are their tools; ``derive`` adds what every table promises;
``facts`` keeps what is known about a result; ``output`` hands it to the user; ``memory`` says whose room
all this takes.
"""
