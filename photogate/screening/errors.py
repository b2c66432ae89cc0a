"""What can be wrong with a policy."""


class ProfileError(ValueError):
    """A profile that cannot be used; the message names what is wrong with it."""
