"""The stores that the services share: PostgreSQL, Redis, IPFS, the chain."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.extensions
import redis

Cursor = psycopg2.extensions.cursor


class ChainError(RuntimeError):
    """The chain answered with an error."""


class Database:
    """One connection a thread, opened again after it broke."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor in a transaction that ends with the block."""
        connection = self._connection()
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            self._local.connection = None
            connection.close()
            raise

    def _connection(self) -> psycopg2.extensions.connection:
        connection = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = psycopg2.connect(
                self._url, connect_timeout=3, options="-c statement_timeout=5000", application_name=service_name()
            )
            self._local.connection = connection
        return connection


class Ipfs:
    def __init__(self, url: str) -> None:
        self._url = url

    def add(self, name: str, body: bytes) -> str:
        """Adds and pins a file; its CID."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        request = urllib.request.Request(
            f"{self._url}/api/v0/add?pin=true&cid-version=1&cid-base=base32",
            data=head.encode() + body + f"\r\n--{boundary}--\r\n".encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["Hash"])

    def forget(self, cid: str) -> None:
        """Unpins a file of one block and drops the block; nothing to do where it is unpinned already."""
        for path in (f"pin/rm?arg={cid}", f"block/rm?arg={cid}&force=true"):
            request = urllib.request.Request(f"{self._url}/api/v0/{path}", method="POST")
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    answer.read()
            except urllib.error.HTTPError as error:
                if b"is not pinned" not in error.read():
                    raise


class Chain:
    def __init__(self, url: str) -> None:
        self._url = url

    def call(self, method: str, *params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self._url, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            reply = json.load(answer)
        if "error" in reply:
            raise ChainError(reply["error"].get("message", "no reason given"))
        return reply["result"]


def service_name() -> str:
    return os.environ["SERVICE_NAME"]


def database() -> Database:
    return Database(os.environ["DATABASE_URL"])


def redis_client() -> redis.Redis:
    return redis.Redis.from_url(
        os.environ["REDIS_URL"], decode_responses=True, socket_timeout=6, socket_connect_timeout=2
    )


def ipfs() -> Ipfs:
    return Ipfs(os.environ["IPFS_API_URL"])


def chain() -> Chain:
    return Chain(os.environ["ETHEREUM_RPC_URL"])
