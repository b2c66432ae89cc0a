"""How well people and models judge: golden cases, agreement, error rates, and how all of that moves."""
