"""How the default classifier was made: needs the `train` extra, never imported by what serves."""
