"""gan-service: draws artworks from a queue and pins them."""

from __future__ import annotations

import mmap
import random
import time
import uuid

from fastapi import HTTPException
from prometheus_client import Counter, Gauge, Histogram
from pydantic import BaseModel, Field

from services import art, backends, troubles, web

QUEUE = "gan:queue"
SLOW_SECONDS = 3.0
LEAK_SHARE = 0.92  # of the memory limit: above what alerts, below what kills
LEAK_STEP = 24 * 1024 * 1024
NEARLY_ALL = 0.85  # of the memory limit: from there on the log says so
DRAFTS_KEPT = 30

DEPTH = Gauge("gan_queue_depth", "Jobs that wait")
SECONDS = Histogram(
    "gan_generation_seconds", "Time to draw and pin an artwork", buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
)
GENERATIONS = Counter("gan_generations_total", "Generations that ended", ["outcome"])

log = web.logger()
store = backends.database()
cache = backends.redis_client()
ipfs = backends.ipfs()
app = web.application(store, cache)


class Order(BaseModel):
    seed: int = Field(default_factory=lambda: random.randrange(2**31), ge=0, lt=2**31)
    style: str = Field("tide", regex="|".join(f"^{style}$" for style in art.STYLES))


@app.post("/generate", status_code=202)
def generate(order: Order) -> dict[str, str]:
    job = uuid.uuid4().hex
    with store.cursor() as cursor:
        cursor.execute(
            "INSERT INTO generations (id, seed, style, status) VALUES (%s, %s, %s, 'queued')",
            (job, order.seed, order.style),
        )
    cache.rpush(QUEUE, job)
    return {"id": job, "status": "queued"}


@app.get("/result/{job}")
def result(job: str) -> dict[str, object]:
    with store.cursor() as cursor:
        cursor.execute("SELECT status, cid, seconds FROM generations WHERE id = %s", (job,))
        row = cursor.fetchone()
    if row is None:
        raise HTTPException(404, "no such generation")
    return {"id": job, "status": row[0], "cid": row[1], "seconds": row[2]}


def work_queue() -> None:
    DEPTH.set(cache.llen(QUEUE))
    entry = cache.blpop(QUEUE, timeout=2)
    if entry is None:
        return
    job = entry[1]
    try:
        draw_and_pin(job)
    except Exception:
        GENERATIONS.labels("failed").inc()
        with store.cursor() as cursor:
            cursor.execute("UPDATE generations SET status = 'failed' WHERE id = %s", (job,))
        raise
    GENERATIONS.labels("ok").inc()


def draw_and_pin(job: str) -> None:
    with store.cursor() as cursor:
        cursor.execute("UPDATE generations SET status = 'drawing' WHERE id = %s RETURNING seed, style", (job,))
        row = cursor.fetchone()
    if row is None:
        log.warning("job %s is in the queue but not in the database", job)
        return
    started = time.perf_counter()
    picture = art.draw(*row)
    if troubles.active("slow-generation"):
        time.sleep(SLOW_SECONDS)
    cid = ipfs.add(f"{job}.png", picture)
    seconds = time.perf_counter() - started
    SECONDS.observe(seconds)
    with store.cursor() as cursor:
        cursor.execute(
            "UPDATE generations SET status = 'done', cid = %s, seconds = %s, finished_at = now() WHERE id = %s",
            (cid, seconds, job),
        )
    log.info("job %s style=%s drawn in %.0f ms as %s", job, row[1], seconds * 1000, cid)


def forget_drafts() -> None:
    """A picture that became no artwork goes after a while: the node would grow without end."""
    with store.cursor() as cursor:
        cursor.execute(
            "SELECT id, cid FROM generations g WHERE status = 'done' AND cid IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM artworks a WHERE a.cid = g.cid)"
            " ORDER BY finished_at DESC OFFSET %s",
            (DRAFTS_KEPT,),
        )
        rows = cursor.fetchall()
    for job, cid in rows:
        ipfs.forget(cid)
        with store.cursor() as cursor:
            cursor.execute("UPDATE generations SET status = 'expired' WHERE id = %s", (job,))


def watch_memory() -> None:
    """What the kernel would end without a word is said before."""
    used, limit = web.working_set(), web.memory_limit()
    if limit and used > NEARLY_ALL * limit:
        log.warning("memory is nearly used up: %d of %d MiB", used >> 20, limit >> 20)


class Leak:
    """Memory that is kept while the trouble lasts, and given back at once after it."""

    def __init__(self) -> None:
        self._kept: list[mmap.mmap] = []

    def follow(self) -> None:
        if not troubles.active("memory-leak"):
            while self._kept:
                self._kept.pop().close()
            return
        room = int(web.memory_limit() * LEAK_SHARE) - web.working_set()
        size = min(room, LEAK_STEP) // mmap.PAGESIZE * mmap.PAGESIZE
        if web.memory_limit() and size > 0:
            block = mmap.mmap(-1, size)
            for offset in range(0, size, mmap.PAGESIZE):
                block[offset] = 1
            self._kept.append(block)


if __name__ == "__main__":
    leak = Leak()
    web.forever(work_queue, pause=0)
    web.forever(leak.follow)
    web.forever(forget_drafts, pause=10)
    web.forever(watch_memory, pause=10)
    web.serve(app, 8000)
