"""Who applies, as far as it must be known, and the keys that everything about them is sealed with."""
