"""What happened, in order, and only ever added to."""
