#!/usr/bin/env python3
"""Small servers for the tests of the whole program: healthy ones, and one that never answers.

Prints their ports, "http PORT PORT …" and "silent PORT", and serves until its input ends.
"""
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"status": "ok"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_http():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def hold():
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def accept():
        while True:
            held.append(listener.accept())

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def main():
    print("http", *[serve_http() for _ in range(int(sys.argv[1]))], flush=True)
    print("silent", hold(), flush=True)
    sys.stdin.read()


main()
