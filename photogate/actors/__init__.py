"""Who acts next in every open case, and by when; what breaks that is repaired or reported."""
