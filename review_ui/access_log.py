"""The server's access log without queries: a sign-in link's token stands in one."""

import logging


def hide_queries() -> None:
    """Have uvicorn's access log write paths only."""
    log = logging.getLogger("uvicorn.access")
    if not any(isinstance(known, _PathsOnly) for known in log.filters):
        log.addFilter(_PathsOnly())


class _PathsOnly(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the query off; uvicorn passes client, method, path, version and status."""
        if isinstance(record.args, tuple):
            record.args = tuple(part.partition("?")[0] if isinstance(part, str) else part for part in record.args)
        return True
