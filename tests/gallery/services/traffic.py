"""Ordinary visitors, a few a second, and those that a trouble adds."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from prometheus_client import Counter, start_http_server

from services import troubles, web

ANSWERS = Counter("gallery_traffic_answers_total", "Answers that visitors got", ["status"])

COLLECTORS = 50
PASSWORD = "visitor-{:03d}"
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
)

log = web.logger()
proxy = urlsplit(os.environ["PROXY_URL"])
tls = ssl.create_default_context(cafile=os.environ["CA_FILE"])


class Connection(http.client.HTTPSConnection):
    """To the proxy's address, with the name that its certificate carries."""

    def connect(self) -> None:
        raw = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = tls.wrap_socket(raw, server_hostname="localhost")


class Visitor:
    """Somebody with an address and a browser (addresses set aside for documentation)."""

    def __init__(self, address: str, agent: str = AGENTS[0]) -> None:
        self._headers = {"Host": "localhost", "X-Forwarded-For": address, "User-Agent": agent}
        self._connection = Connection(proxy.hostname or "nginx", proxy.port or 443, timeout=10)

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, bytes]:
        headers = dict(self._headers)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
            content = answer.read()
            ANSWERS.labels(answer.status).inc()
            return answer.status, content
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            ANSWERS.labels("none").inc()
            log.warning("%s %s: %s", method, path, error)
            return 0, b""

    def login(self, number: int, password: str | None = None) -> str:
        form = {"email": email(number), "password": password or PASSWORD.format(number)}
        status, content = self.ask("POST", "/api/login", form)
        return str(json.loads(content)["token"]) if status == 200 else ""


def email(number: int) -> str:
    return f"collector{number:03d}@gallery.example"


def address(network: str = "203.0.113") -> str:
    return f"{network}.{random.randint(1, 254)}"


def visitor() -> Visitor:
    return Visitor(address(), random.choice(AGENTS))


def browse(guest: Visitor) -> None:
    """One look at one of the pages."""
    offset = random.randrange(0, 2000, 20)
    path = random.choice(("/", "/health", f"/api/artworks?limit=20&offset={offset}", "/api/artworks", "artwork"))
    if path != "artwork":
        guest.ask("GET", path)
        return
    status, content = guest.ask("GET", f"/api/artworks/{random.randint(1, 2400)}")
    if status == 200:
        guest.ask("GET", f"/ipfs/{json.loads(content)['cid']}")


def generate(guest: Visitor) -> None:
    style = random.choice(("tide", "ember", "lichen", "dusk"))
    status, content = guest.ask("POST", "/gan/generate", {"seed": random.randrange(2**31), "style": style})
    if status == 202:
        time.sleep(1)
        guest.ask("GET", f"/gan/result/{json.loads(content)['id']}")


class Buyer:
    """Logs in now and then, and mints."""

    def __init__(self) -> None:
        self._token = ""
        self._mints_left = 0

    def buy(self, guest: Visitor) -> None:
        if self._mints_left == 0:
            self._token = guest.login(random.randint(1, COLLECTORS))
            self._mints_left = 5
        self._mints_left -= 1
        owner = f"0x{random.getrandbits(160):040x}"
        status, _ = guest.ask("POST", "/api/mint", {"artwork": random.randint(1, 2400), "owner": owner}, self._token)
        if status in (0, 401, 503):
            self._mints_left = 0


def log_in(guest: Visitor) -> None:
    """A visitor logs in; one of forty mistypes."""
    guest.login(random.randint(1, COLLECTORS), "mistyped" if random.random() < 0.025 else None)


def stuff_credentials(_: Visitor) -> None:
    """Stolen pairs, each from another address."""
    if troubles.active("credential-stuffing"):
        thief = Visitor(address("198.51.100"), "python-requests/2.31.0")
        thief.login(random.randint(1, 400), f"leaked-{random.randrange(10**6)}")


def storm(guest: Visitor) -> None:
    """One client that asks far more than it may."""
    if troubles.active("rate-limit-storm"):
        guest.ask("GET", "/api/artworks?limit=1")


def every(pause: float, work: Callable[[Visitor], None], who: Callable[[], Visitor]) -> None:
    def loop() -> None:
        guest, looks = who(), 0
        while True:
            time.sleep(pause * random.uniform(0.8, 1.2))
            looks += 1
            if looks % 20 == 0:
                guest = who()
            try:
                work(guest)
            except (ValueError, KeyError) as error:
                log.warning("%s: unexpected answer: %r", work.__name__, error)

    threading.Thread(target=loop, name=work.__name__, daemon=True).start()


def main() -> None:
    start_http_server(9000)
    buyer = Buyer()
    every(0.5, browse, visitor)
    every(1.5, generate, visitor)
    every(6, log_in, visitor)
    every(6, buyer.buy, visitor)
    every(0.15, stuff_credentials, visitor)
    every(0.05, storm, lambda: Visitor("192.0.2.66", "curl/7.88.1"))
    threading.Event().wait()


if __name__ == "__main__":
    main()
