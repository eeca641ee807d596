#!/usr/bin/env bash
# `health --notify` on the demo gallery: a webhook is told of changes, a dead man's switch of every
# run, and the gallery's own Alertmanager of what stands and what is over.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"

# Takes every call: the path goes to `calls`, the body of a POST to `posted`. /broken is a 500, and
# everything is while there is a file `down`.
python3 - "$work" << 'SERVER' &
import http.server, os, sys
folder = sys.argv[1]
class Receiver(http.server.BaseHTTPRequestHandler):
    def answer(self, body):
        with open(f"{folder}/calls", "a") as calls:
            calls.write(f"{self.command} {self.path} {self.headers.get('X-Token', '')}\n")
        if body:
            with open(f"{folder}/posted", "wb") as posted:
                posted.write(body)
        self.send_response(500 if "broken" in self.path or os.path.exists(f"{folder}/down") else 204)
        self.end_headers()
    def do_GET(self):
        self.answer(b"")
    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
with open(f"{folder}/port.new", "w") as port:
    port.write(str(server.server_port))
os.rename(f"{folder}/port.new", f"{folder}/port")
server.serve_forever()
SERVER
receiver=$!
frontend=$(docker ps -aq --filter "label=com.docker.compose.project=$GALLERY_NAME" --filter "label=com.docker.compose.service=frontend")
trap 'kill "$receiver" 2> /dev/null; docker start "$frontend" > /dev/null; rm -rf "$work"' EXIT
eventually 20 "the receiver" test -s "$work/port"
port=$(cat "$work/port")

printf %s "http://127.0.0.1:$port/hook/s3cret" > "$work/hook"
install -m 600 /dev/null "$work/config.yaml"
{
  cat "$GALLERY_OPS_CONFIG"
  cat << NOTIFY
notify:
  webhooks:
    - {name: chat, url: "file:$work/hook", headers: {X-Token: "\${TOKEN}"}}
    - {name: log, url: "http://127.0.0.1:$port/log", when: always}
    - {name: broken, url: "http://127.0.0.1:$port/broken/s3cret", when: always}
    - {name: nobody, url: "http://127.0.0.1:9/s3cret", when: always}
  pings:
    - {name: cron, url: "http://127.0.0.1:$port/alive", fail_url: "http://127.0.0.1:$port/fail"}
NOTIFY
} > "$work/config.yaml"
export TOKEN=t0ken

looks() { # CODE OPTION…: a look at the containers and the frontend
  local code=$1
  shift
  rm -f "$work/calls" "$work/posted"
  touch "$work/calls"
  run "$code" "$OPS" health -c "$work/config.yaml" --only docker,http --component frontend -o json "$@"
}

called() { [[ $(cat "$work/calls") == "$1" ]] || fail "called was '$(cat "$work/calls")', not '$1'"; }

posted() { jq -e "$1" "$work/posted" > /dev/null || fail "posted is not '$1': $(head -c 500 "$work/posted")"; }

own_alerts() { # COUNT: so many alerts of ours stand in the Alertmanager
  curl -fsS --max-time 5 "http://127.0.0.1:$GALLERY_PORT_ALERTMANAGER/api/v2/alerts?filter=source%3D%22gallery-ops%22" > "$work/alerts" 2> "$work/err"
  [[ $(jq length "$work/alerts") == "$1" ]]
}

all=(--notify webhook:chat --notify ping:cron --notify alertmanager)

# Nobody, and what can't be.
run 64 "$OPS" health -c "$work/config.yaml" --notify mail:ops
run 64 "$OPS" health -c "$work/config.yaml" --notify webhook:chta
grep -q 'it has chat, log, broken, nobody' "$work/err" || fail "the names that there are"
run 64 "$OPS" health -c "$work/config.yaml" --notify ping:cron --watch
run 64 "$OPS" history runs --notify ping:cron
run 0 "$OPS" config check "$work/config.yaml"
run 0 "$OPS" config show -c "$work/config.yaml"
silent_about s3cret

# A good day: the switch only; a webhook that wants it is told.
looks 0 "${all[@]}"
called 'GET /alive '
looks 0 --notify webhook:log
called 'POST /log '
posted '.verdict == "ok" and .fresh == [] and .over == [] and (.text | startswith("OK "))'

# A bad one.
docker stop -t 2 "$frontend" > /dev/null
looks 2
called ''
touch "$work/down"
looks 2 --timeout 2s --notify webhook:chat
grep -q 'notify webhook:chat: .*HTTP 500' "$work/err" || fail "a chat that is down"
rm "$work/down"
# Neither a look by hand nor a call that failed has told anybody.
looks 2 "${all[@]}"
grep -qx 'POST /hook/s3cret t0ken' "$work/calls" && grep -qx 'GET /fail ' "$work/calls" || fail "a change is told"
posted '.verdict == "critical" and (.fresh | length) == 1 and (.fresh[0] | startswith("health.docker")) and .over == []'
posted '(.text | contains("new: critical frontend: exited")) and (.text | contains("follows from it"))'
posted '.report.schema == "gallery-ops/report/1" and .report.verdict == "critical"'
own_alerts 1 || fail "the Alertmanager has one alert of ours"
jq -e '.[0] | .labels.alertname == "GalleryOps" and .labels.severity == "critical" and .labels.service == "frontend"' \
  "$work/alerts" > /dev/null || fail "its labels"

# It lasts: no news, and our own alert is none.
looks 2 "${all[@]}"
called 'GET /fail '
own_alerts 1 || fail "the alert was renewed, not doubled"
run 2 "$OPS" health -c "$work/config.yaml" --only alert,alertmanager,docker -o json
expect "our own alert is no finding" '[.findings[] | select(.id | startswith("health.alert.GalleryOps"))] | length == 0'

# Whoever was not told before is told now, and each part that is looked at has its own memory.
run 2 "$OPS" health -c "$work/config.yaml" --only docker --component frontend -o json --notify webhook:chat
posted '.fresh | length == 1'

# It is over.
docker start "$frontend" > /dev/null
eventually 60 "the frontend" "$OPS" health -c "$work/config.yaml" --no-history --only docker,http --component frontend -q
looks 0 "${all[@]}"
posted '.fresh == [] and (.over | length) == 1 and (.text | contains("well again: frontend (was critical: exited"))'
own_alerts 0 || fail "the alert has ended"

# What does not get through is said, without the path, and changes no exit code.
looks 0 --timeout 3s --notify webhook:broken --notify webhook:nobody
grep -q "notify webhook:broken: http://127.0.0.1:$port: HTTP 500" "$work/err" || fail "a 500 is told"
grep -q 'notify webhook:nobody: http://127.0.0.1:9: connection refused' "$work/err" || fail "a refusal is told"
[[ $(grep -c broken "$work/calls") -gt 1 ]] || fail "it was tried once only"
silent_about s3cret
passed
