"""HyperStudy in a notebook."""
