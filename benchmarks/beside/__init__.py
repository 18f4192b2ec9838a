"""What the explorer is measured with, and what it is measured beside."""
