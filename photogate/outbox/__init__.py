"""What clients are told of: a row is the message, written with its cause and sent after the commit."""
