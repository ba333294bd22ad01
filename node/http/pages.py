"""Serves the built applications and the design tokens; without a build, the rest of the centre still runs."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

APPLICATIONS = ("console", "room")


class Application(StaticFiles):
    """A built application: its page is revalidated each time, its hashed parts are cached."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = "/assets/" in f"/{path}"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response


def add_pages(app: FastAPI, web: Path) -> None:
    for name in APPLICATIONS:
        if (web / "dist" / name / "index.html").is_file():
            app.add_api_route(f"/{name}", _to_folder(name), include_in_schema=False)
            app.mount(f"/{name}", Application(directory=web / "dist" / name, html=True), name=name)
    if (web / "shared").is_dir():
        app.mount("/shared", StaticFiles(directory=web / "shared"), name="shared")


def _to_folder(name: str) -> Callable[[], RedirectResponse]:
    def redirect() -> RedirectResponse:
        return RedirectResponse(f"/{name}/")

    return redirect
