"""What Prometheus may ask: how often, how long, with what outcome, how much waits; never for whom."""

import time
from collections import Counter as Tally

import structlog
from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from photogate.actors.breakages import Rule, broken
from photogate.actors.queries import Actor, counts
from photogate.database import Database

log = structlog.get_logger()

LOOK_AGAIN_S = 60.0
MOST_BROKEN = 1_000
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one process, and what waits in the whole house, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._look_at = 0.0
        self._open = Gauge(
            "photogate_open_cases",
            "Applications that have not ended, by who is next; one in which nobody is breaks a rule.",
            ["actor"],
            registry=self._registry,
        )
        self._overdue = Gauge(
            "photogate_overdue_cases", "Those of them past their deadline.", ["actor"], registry=self._registry
        )
        self._broken = Gauge(
            "photogate_broken_cases",
            "Cases that break a rule, by the rule; what lasts for more than a minute needs somebody's look.",
            ["rule"],
            registry=self._registry,
        )
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

    def look(self, database: Database) -> None:
        """Count the open cases, at most once a minute; while the database does not answer, none are told."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_AGAIN_S
        for gauge in (self._open, self._overdue, self._broken):
            gauge.clear()
        try:
            self._count(database)
        except SQLAlchemyError as error:
            log.warning("open_cases_not_counted", error=type(error).__name__)

    def _count(self, database: Database) -> None:
        with database.transaction() as session:
            found = {count.actor: count for count in counts(session)}
            rules = Tally(breakage.rule for breakage in broken(session, most=MOST_BROKEN))
        for actor in (*Actor, None):
            of_actor, name = found.get(actor), actor.value if actor else "nobody"
            self._open.labels(name).set(of_actor.open if of_actor else 0)
            self._overdue.labels(name).set(of_actor.overdue if of_actor else 0)
        for rule in Rule:
            self._broken.labels(rule.value).set(rules[rule])

    def text(self) -> bytes:
        """Everything in the text format."""
        return generate_latest(self._registry)


async def read_metrics(request: Request) -> Response:
    """Everything counted since this process began, and what waits now."""
    metrics: Metrics = request.app.state.metrics
    if connections := getattr(request.app.state, "connections", None):
        await run_in_threadpool(metrics.look, connections.database)
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
