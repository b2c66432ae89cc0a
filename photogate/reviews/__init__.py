"""People's part: the queue of open cases, claims with a lease, and the decision of a person."""
