"""One-shot: the schema, its rows, and the contract; a second run changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from services import backends, contract, web

FOLDER = Path("/opt/gallery/sql")
COLLECTORS = 50


def apply_schema(store: backends.Database) -> None:
    with store.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions"
            " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        cursor.execute("SELECT name FROM schema_versions")
        done = {row[0] for row in cursor.fetchall()}
        for file in sorted(FOLDER.glob("*.sql")):
            if file.name not in done:
                cursor.execute(file.read_text())
                cursor.execute("INSERT INTO schema_versions (name) VALUES (%s)", (file.name,))
                log.info("applied %s", file.name)


def add_collectors(store: backends.Database) -> None:
    """Visitors who can log in; their salts and passwords come from their numbers."""
    with store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM collectors")
        if cursor.fetchone() != (0,):
            return
        for number in range(1, COLLECTORS + 1):
            salt = hashlib.sha256(f"salt {number}".encode()).digest()[:16]
            stretched = hashlib.pbkdf2_hmac("sha256", f"visitor-{number:03d}".encode(), salt, 1000)
            cursor.execute(
                "INSERT INTO collectors (email, salt, password_hash) VALUES (%s, %s, %s)",
                (f"collector{number:03d}@gallery.example", salt, stretched),
            )


def ensure_contract(store: backends.Database, chain: backends.Chain) -> None:
    try:
        known = contract.address(store)
    except contract.NotDeployed:
        known = ""
    if known and chain.call("eth_getCode", known, "latest") != "0x":
        log.info("contract is at %s", known)
        return
    fresh = contract.deploy(chain)
    with store.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settings (name, value) VALUES ('contract_address', %s)"
            " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
            (fresh,),
        )
    log.info("contract deployed at %s", fresh)


if __name__ == "__main__":
    log = web.logger()
    gallery = backends.database()
    apply_schema(gallery)
    add_collectors(gallery)
    ensure_contract(gallery, backends.chain())
