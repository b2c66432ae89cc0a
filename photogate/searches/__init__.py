"""What auditors ask of the decisions, and the record that they asked."""
