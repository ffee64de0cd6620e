"""The web face as one application, from the parts that are there."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from adapters.web.guard import Guard
from adapters.web.health import HealthPages
from adapters.web.pages import Playground
from adapters.web.render import STATIC

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


def build(health: HealthPages, playground: Playground | None = None, hosts: Collection[str] | None = None) -> Starlette:
    """With a playground that is the front page. `hosts`: the names under which it may be addressed; None: any."""
    routes = [*health.routes(home=playground is None), Route("/static/{name}", _static)]
    if playground is not None:
        routes += playground.routes()
    return Starlette(routes=routes, middleware=[Middleware(Guard, hosts=hosts)])


async def _static(request: Request) -> Response:
    """A file of ours: what is asked with a mark of its content may be kept for ever."""
    path = STATIC / request.path_params["name"]
    if path.suffix not in TYPES or path not in set(STATIC.iterdir()):
        return PlainTextResponse("There is no such file.\n", 404)
    headers = {"cache-control": FOR_EVER if request.url.query else "no-cache"}
    return FileResponse(path, media_type=TYPES[path.suffix], headers=headers)
