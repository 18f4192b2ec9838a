"""Records become typed Arrow tables here, and leave as pandas, polars or records.

``build`` takes pages of records and makes one table with the catalogue's columns; ``values`` and
``join`` are its tools; ``derive`` adds what every table promises; ``facts`` keeps what is known about
a result; ``output`` hands it to the user.
"""
