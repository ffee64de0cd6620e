"""What Prometheus may ask: counted while the program runs, or looked up when it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.core.dispatch import Outcome
from bot.core.vitals import Vitals

BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Implements bot.core.vitals.Observer. Counting is a plain dict's, since `handled` is on every message's way."""

    def __init__(self) -> None:
        self.events: Counter[tuple[type, str]] = Counter()  # by kind and platform
        self.passed: Counter[str] = Counter()  # by platform
        self.sends: Counter[tuple[str, str, str]] = Counter()  # by platform, kind of post, result
        self.failed = 0
        self.reloads = 0
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._seconds = Histogram(
            "guyub_handling_seconds",
            "From taking a batch of events to its commit",
            buckets=BUCKETS,
            registry=self._registry,
        )

    # ------------------------------------------------------------------ counting

    def handled(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        events = self.events
        for outcome in outcomes:
            event = outcome.event
            events[type(event), event.where.platform] += 1
        self._seconds.observe(seconds)

    def passed_over(self, platform: str) -> None:
        self.passed[platform] += 1

    def set_aside(self) -> None:
        self.failed += 1

    def sent(self, platform: str, kind: str, result: str) -> None:
        self.sends[platform, kind, result] += 1

    def reloaded(self) -> None:
        self.reloads += 1

    # ------------------------------------------------------------------ telling

    def text(self, vitals: Vitals) -> bytes:
        """In Prometheus' text format."""
        now = CollectorRegistry(auto_describe=False)
        now.register(_Snapshot(self, vitals))
        return generate_latest(self._registry) + generate_latest(now)


class _Snapshot(Collector):
    def __init__(self, metrics: Metrics, vitals: Vitals) -> None:
        self._metrics = metrics
        self._vitals = vitals

    def collect(self) -> Iterator[Metric]:
        yield from self._counted()
        yield from self._looked_up()

    def _counted(self) -> Iterator[Metric]:
        metrics = self._metrics
        events = CounterMetricFamily("guyub_events", "Events handled", labels=["kind", "platform"])
        for (kind, platform), n in metrics.events.items():
            events.add_metric([kind.__name__, platform], n)
        for platform, n in metrics.passed.items():
            events.add_metric(["MessagePosted", platform], n)
        yield events
        sends = CounterMetricFamily("guyub_sends", "Posts told to a platform", labels=["platform", "kind", "result"])
        for labels, n in metrics.sends.items():
            sends.add_metric(list(labels), n)
        yield sends
        yield _counter("guyub_events_set_aside", "Events given up after three tries since the start", metrics.failed)
        yield _counter("guyub_config_reloads", "Changed configurations taken over", metrics.reloads)

    def _looked_up(self) -> Iterator[Metric]:
        vitals = self._vitals
        connections = vitals.connections
        connected = {name: float(connection.connected) for name, connection in connections.items()}
        heard = {name: connection.lag for name, connection in connections.items() if connection.lag is not None}
        yield _gauge("guyub_database_up", "Whether the database can be used", float(not vitals.database))
        yield _gauge("guyub_events_waiting", "Events taken and not committed yet", vitals.events_waiting)
        yield _gauge("guyub_events_set_aside_kept", "Events set aside in the database", vitals.set_aside)
        yield _gauges("guyub_outbox_rows", "Rows of the outbox", "state", vitals.outbox)
        yield _gauges("guyub_posts_waiting", "Posts in the sender's queue", "platform", vitals.posts_waiting)
        yield _gauges("guyub_platform_connected", "Whether there is a connection", "platform", connected)
        yield _gauges("guyub_platform_heard_seconds", "Since the platform was last heard", "platform", heard)


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value=value)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _gauges(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
