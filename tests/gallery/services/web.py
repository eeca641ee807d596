"""What both web services have in common: logs, metrics, health."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg2
import redis
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from services.backends import Database, service_name

REQUESTS = Counter("http_requests_total", "Requests answered", ["service", "method", "path", "status"])
DURATION = Histogram(
    "http_request_duration_seconds",
    "Time to answer a request",
    ["service", "method", "path"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
WORKING_SET = Gauge("gallery_memory_working_set_bytes", "Memory in use, without the file cache that can go")
MEMORY_LIMIT = Gauge("gallery_memory_limit_bytes", "Memory limit of the container")

_CGROUP = Path("/sys/fs/cgroup")


def logger() -> logging.Logger:
    logging.basicConfig(
        stream=sys.stdout, level=logging.INFO, format="%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
    return logging.getLogger(service_name())


def memory_limit() -> int:
    return _first_number("memory.max", "memory/memory.limit_in_bytes")


def working_set() -> int:
    usage = _first_number("memory.current", "memory/memory.usage_in_bytes")
    for name, key in (("memory.stat", "inactive_file"), ("memory/memory.stat", "total_inactive_file")):
        if (_CGROUP / name).exists():
            stat = dict(line.split() for line in (_CGROUP / name).read_text().splitlines())
            return max(0, usage - int(stat.get(key, 0)))
    return usage


def _first_number(*names: str) -> int:
    for name in names:
        if (_CGROUP / name).exists():
            text = (_CGROUP / name).read_text().strip()
            return int(text) if text.isdigit() else 0
    return 0


def application(database: Database, cache: redis.Redis) -> FastAPI:
    """An application with /health, /metrics and counted requests."""
    app = FastAPI(title=service_name(), docs_url=None, redoc_url=None)
    name = service_name()
    log = logger()
    MEMORY_LIMIT.set_function(memory_limit)
    WORKING_SET.set_function(working_set)

    @app.middleware("http")
    async def count(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        status = 500
        try:
            response = await proceed(request)
            status = response.status_code
            return response
        finally:
            route = request.scope.get("route")
            path = route.path if route else "unmatched"
            DURATION.labels(name, request.method, path).observe(time.perf_counter() - started)
            REQUESTS.labels(name, request.method, path, status).inc()

    @app.exception_handler(psycopg2.Error)
    @app.exception_handler(redis.RedisError)
    async def store_failed(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s: %s", request.method, request.url.path, " ".join(str(error).split()))
        return JSONResponse({"detail": "a store does not answer"}, status_code=503)

    @app.get("/health")
    def health() -> JSONResponse:
        checks = {"database": _check(lambda: _ping_database(database)), "redis": _check(cache.ping)}
        good = all(state == "ok" for state in checks.values())
        if not good:
            log.error("health check failed: %s", checks)
        body = {"status": "ok" if good else "failing", "service": name, "checks": checks}
        return JSONResponse(body, status_code=200 if good else 503)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def _ping_database(database: Database) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")


def _check(probe: Callable[[], object]) -> str:
    try:
        probe()
    except (psycopg2.Error, redis.RedisError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return "ok"


def forever(work: Callable[[], None], pause: float = 1.0) -> threading.Thread:
    """Repeats the work in a thread; an error is logged and tried again."""
    log = logger()

    def loop() -> None:
        while True:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - a worker outlives whatever its stores do
                log.error("%s: %s", work.__name__, " ".join(str(error).split()))
                time.sleep(1)
            time.sleep(pause)

    thread = threading.Thread(target=loop, name=work.__name__, daemon=True)
    thread.start()
    return thread


def serve(app: FastAPI, port: int) -> None:
    uvicorn.run(
        app, host="0.0.0.0", port=port, proxy_headers=True, forwarded_allow_ips="*",
        log_config=None, access_log=True, timeout_keep_alive=20,
    )
