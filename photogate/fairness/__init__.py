"""How often groups of applicants are treated wrongly, and whether a change of rules makes it worse for one of them."""
