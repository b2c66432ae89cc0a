"""Which policy and which models decide: put on record, proposed by one person, live once a second one approves."""
