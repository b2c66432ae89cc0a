"""The printer's side of the gate: stands alone, needs Python 3.11 and `cryptography`, and no network."""
