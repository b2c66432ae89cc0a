"""The core that every Photogate program shares: no HTTP, no torch."""
