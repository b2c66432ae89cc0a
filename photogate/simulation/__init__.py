"""What other rules would have decided about what was measured: counted, and case by case."""
