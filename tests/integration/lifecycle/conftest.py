"""How many lives are tried: some in every run of the tests, many more for the record (`prove-routing`)."""

import os

from hypothesis import settings

settings.register_profile("routing", max_examples=int(os.environ.get("LIVES", "5000")))
