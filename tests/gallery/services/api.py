"""api: the gallery's catalogue, logins and mints."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import secrets
import time

import redis
from fastapi import Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from pydantic import BaseModel, Field

from services import backends, contract, troubles, web

WINDOW_SECONDS = 10
WINDOW_REQUESTS = 60
SESSION_SECONDS = 3600
BURST_SHARE = 0.4
UNLIMITED = ("/health", "/metrics")

LOGINS = Counter("gallery_logins_total", "Logins by outcome", ["outcome"])
MINTS = Counter("gallery_mints_total", "Mints by outcome", ["outcome"])
for _outcome in ("ok", "failed"):
    LOGINS.labels(_outcome)
    MINTS.labels(_outcome)

log = web.logger()
store = backends.database()
cache = backends.redis_client()
chain = backends.chain()
app = web.application(store, cache)


class Login(BaseModel):
    email: str = Field(max_length=200)
    password: str = Field(max_length=200)


class Mint(BaseModel):
    artwork: int
    owner: str = Field(regex="^0x[0-9a-fA-F]{40}$")


def refused(client: str) -> bool:
    """Whether a client has used up its requests; without Redis nobody is refused."""
    key = f"rate:{client}:{int(time.time()) // WINDOW_SECONDS}"
    try:
        used, _ = cache.pipeline().incr(key).expire(key, WINDOW_SECONDS * 2).execute()
    except redis.RedisError:
        return False
    return int(used) > WINDOW_REQUESTS


def limited(request: Request) -> None:
    client = request.client.host if request.client else "unknown"
    if refused(client):
        log.warning("rate limit: client=%s path=%s", client, request.url.path)
        raise HTTPException(429, "too many requests", headers={"Retry-After": str(WINDOW_SECONDS)})


@app.get("/artworks")
def artworks(request: Request, limit: int = 20, offset: int = 0) -> list[dict[str, object]]:
    limited(request)
    if troubles.active("5xx-burst") and random.random() < BURST_SHARE:
        raise RuntimeError("catalogue page could not be rendered: colour profile is missing")
    with store.cursor() as cursor:
        cursor.execute(
            "SELECT w.id, w.title, a.name, w.cid, w.price_wei::text FROM artworks w JOIN artists a ON a.id = w.artist_id"
            " ORDER BY w.id LIMIT %s OFFSET %s",
            (min(max(limit, 1), 100), max(offset, 0)),
        )
        rows = cursor.fetchall()
    return [dict(zip(("id", "title", "artist", "cid", "price_wei"), row)) for row in rows]


@app.get("/artworks/{artwork}")
def one_artwork(request: Request, artwork: int) -> dict[str, object]:
    limited(request)
    with store.cursor() as cursor:
        cursor.execute("SELECT id, title, style, seed, cid FROM artworks WHERE id = %s", (artwork,))
        row = cursor.fetchone()
    if row is None:
        raise HTTPException(404, "no such artwork")
    return dict(zip(("id", "title", "style", "seed", "cid"), row))


@app.post("/login")
def login(request: Request, form: Login) -> dict[str, str]:
    limited(request)
    with store.cursor() as cursor:
        cursor.execute("SELECT id, salt, password_hash FROM collectors WHERE email = %s", (form.email,))
        row = cursor.fetchone()
    if row is None or not _matches(form.password, bytes(row[1]), bytes(row[2])):
        LOGINS.labels("failed").inc()
        client = request.client.host if request.client else "unknown"
        log.warning("login failed: email=%s client=%s", form.email, client)
        raise HTTPException(401, "wrong e-mail address or password")
    token = secrets.token_urlsafe(24)
    cache.setex(f"session:{token}", SESSION_SECONDS, row[0])
    LOGINS.labels("ok").inc()
    return {"token": token}


def _matches(password: str, salt: bytes, wanted: bytes) -> bool:
    return hmac.compare_digest(hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000), wanted)


@app.post("/mint", status_code=202)
def mint(request: Request, form: Mint, authorization: str = Header("")) -> Response:
    limited(request)
    collector = cache.get(f"session:{authorization.removeprefix('Bearer ')}")
    if collector is None:
        raise HTTPException(401, "log in first")
    with store.cursor() as cursor:
        cursor.execute("SELECT cid FROM artworks WHERE id = %s", (form.artwork,))
        row = cursor.fetchone()
    if row is None:
        raise HTTPException(404, "no such artwork")
    transaction = _send_mint(form.owner, f"ipfs://{row[0]}")
    with store.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mints (artwork_id, collector_id, owner, tx_hash, status) VALUES (%s, %s, %s, %s, 'sent')",
            (form.artwork, collector, form.owner, transaction),
        )
    return JSONResponse({"transaction": transaction}, status_code=202)


def _send_mint(owner: str, uri: str) -> str:
    try:
        # A stranger's account instead of the minter's: the contract refuses it.
        sender = contract.STRANGER if troubles.active("failing-mints") else contract.MINTER
        return contract.send_mint(chain, contract.address(store), sender, owner, uri)
    except (OSError, backends.ChainError, contract.NotDeployed) as error:
        MINTS.labels("failed").inc()
        log.error("mint was not sent: %s", error)
        raise HTTPException(502, "the chain does not take the mint") from error


def settle_mints() -> None:
    """Asks for the receipts of mints that were sent."""
    with store.cursor() as cursor:
        cursor.execute(
            "SELECT id, tx_hash FROM mints WHERE status = 'sent' AND created_at > now() - interval '10 minutes'"
            " ORDER BY id LIMIT 50"
        )
        waiting = cursor.fetchall()
    for row, transaction in waiting:
        receipt = chain.call("eth_getTransactionReceipt", transaction)
        if receipt is None:
            continue
        good = receipt["status"] == "0x1"
        with store.cursor() as cursor:
            cursor.execute(
                "UPDATE mints SET status = %s, block_number = %s, settled_at = now() WHERE id = %s",
                ("minted" if good else "failed", int(receipt["blockNumber"], 16), row),
            )
        MINTS.labels("ok" if good else "failed").inc()
        if not good:
            log.error("mint failed: transaction %s was reverted in block %d", transaction, int(receipt["blockNumber"], 16))


if __name__ == "__main__":
    os.environ.setdefault("SERVICE_NAME", "api")
    web.forever(settle_mints, pause=2)
    web.serve(app, 8080)
