"""Whether all is well: for machines at /healthz and /metrics, for people on a plain page."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from adapters.web import render
from adapters.web.metrics import Metrics
from bot.core.messages import plain
from bot.core.problems import describe
from bot.core.speech import Speaker
from bot.core.vitals import Health, Vitals
from bot.locale import _, translate

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state`: "ok"; "degraded" when a platform is missing; "down" when nothing can be done. `reasons` in words."""

    state: str
    reasons: tuple[str, ...]


def verdict(vitals: Vitals, language: str) -> Verdict:
    reasons = []
    if vitals.database:
        reasons.append(f"{translate(language, DATABASE)} {vitals.database}")
    if vitals.engine:
        reasons.append(f"{translate(language, ENGINE)} {vitals.engine}")
    missing = [name for name, connection in vitals.connections.items() if not connection.connected]
    for name, connection in vitals.connections.items():
        told = [plain(describe(problem, Speaker(language))) for problem in connection.problems]
        if not connection.connected and not told:
            told = [translate(language, DISCONNECTED)]
        reasons += [f"{name.capitalize()}: {words}" for words in told]
    broken = vitals.database or vitals.engine or (missing and len(missing) == len(vitals.connections))
    return Verdict("down" if broken else "degraded" if missing else "ok", tuple(reasons))


DATABASE = _("The database can't be used:")
ENGINE = _("The engine has stopped:")
DISCONNECTED = _("there is no connection just now.")


class HealthPages:
    """`language`: of the plain page; machines are told in English."""

    def __init__(self, health: Health, metrics: Metrics, language: str = "en") -> None:
        self._health = health
        self._metrics = metrics
        self._language = language

    def routes(self, *, home: bool) -> list[Route]:
        """With `home`, the plain page is the front page."""
        front = [Route("/", self.page)] if home else []
        return [*front, Route("/healthz", self.healthz), Route("/metrics", self.metrics)]

    async def healthz(self, request: Request) -> Response:
        """200 when all works, else 503 with the reasons."""
        vitals = await self._health.vitals()
        found = verdict(vitals, "en")
        content = {
            "status": found.state,
            "reasons": found.reasons,
            "platforms": {
                name: {"connected": connection.connected, "lag": connection.lag}
                for name, connection in vitals.connections.items()
            },
        }
        return JSONResponse(content, 200 if found.state == "ok" else 503)

    async def metrics(self, request: Request) -> Response:
        return Response(self._metrics.text(await self._health.vitals()), media_type=METRICS_TYPE)

    async def page(self, request: Request) -> Response:
        vitals = await self._health.vitals()
        found = verdict(vitals, self._language)
        html = render.template(
            "status.html",
            self._language,
            state=found.state,
            reasons=found.reasons,
            connections=vitals.connections,
        )
        return HTMLResponse(html)
