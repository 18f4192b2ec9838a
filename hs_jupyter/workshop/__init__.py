"""The workshop: a course of notebooks on the demo study, on a laptop or on Binder, without a key."""
