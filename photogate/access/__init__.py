"""Who may do what: API keys for programs, users and sessions for people."""
