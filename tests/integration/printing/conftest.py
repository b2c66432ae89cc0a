"""How many histories are tried: some in every run of the tests, many more for the record (`prove-record`)."""

import os

from hypothesis import settings

settings.register_profile("record", max_examples=int(os.environ.get("HISTORIES", "2500")))
