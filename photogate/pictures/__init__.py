"""The same picture again: fingerprints of every crop, looked up by their bands, and the bank of known placeholders."""
