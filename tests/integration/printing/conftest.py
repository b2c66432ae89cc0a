"""How many histories are tried: some in every run of the tests, ten thousand for the record (`prove-record`)."""

from hypothesis import settings

settings.register_profile("record", max_examples=10_000)
