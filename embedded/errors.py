"""The one error of the embedded services: a sentence that tells a person what to do."""


class EmbeddedError(Exception):
    """A service or program could not be started or died; the message is one sentence for whoever started it."""
