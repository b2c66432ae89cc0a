"""Forgetting: retention, legal hold, erasure, a person's export, orphans, and new master keys."""
