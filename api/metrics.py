"""What Prometheus may ask: how often, how long, with what outcome; never for whom."""

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "photogate_http_request_seconds",
            "Time from the request's first byte to the answer's last, by route template and status.",
            ["method", "route", "status"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._submissions = Counter(
            "photogate_submissions",
            "Photos that were accepted: the first of an application, or a further one.",
            ["kind"],
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def submitted(self, kind: str) -> None:
        """Count one accepted photo: `first` or `further`."""
        self._submissions.labels(kind).inc()

    def text(self) -> bytes:
        """Everything in the text format."""
        return generate_latest(self._registry)


async def read_metrics(request: Request) -> Response:
    """Everything counted since this process began."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
