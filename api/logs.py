"""One JSON object a line."""

import logging

import structlog


def configure(level: str) -> None:
    """Log from `level` upwards, and silence the server's own access log: it would tell query strings."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    logging.getLogger("uvicorn.access").disabled = True
