"""One-shot: draws the first artworks, pins them, and gives every artwork its picture."""

from __future__ import annotations

from services import art, backends, web

PICTURES = 12


if __name__ == "__main__":
    log = web.logger()
    store = backends.database()
    node = backends.ipfs()
    with store.cursor() as cursor:
        cursor.execute("SELECT id, seed, style FROM artworks ORDER BY id LIMIT %s", (PICTURES,))
        for artwork, seed, style in cursor.fetchall():
            cid = node.add(f"artwork-{artwork}.png", art.draw(seed, style))
            cursor.execute(
                "UPDATE artworks SET cid = %s WHERE id %% %s = %s AND cid IS DISTINCT FROM %s",
                (cid, PICTURES, artwork % PICTURES, cid),
            )
        log.info("pinned %d artworks", PICTURES)
