"""Pure judgement: measurements and an issuer's profile go in, a decision comes out; no clock, no IO."""
