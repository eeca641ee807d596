#!/usr/bin/env bash
# `health --watch` in a pipe, on the demo gallery: only changes, each told when it has held, and
# nothing left behind by a server that hangs. It looks at Redis and the api alone: other tests may
# trouble the rest meanwhile. The screen is tested in tests/golden/watch_test.cpp.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"

redis() {
  docker ps -aq --filter "label=com.docker.compose.project=$GALLERY_NAME" --filter "label=com.docker.compose.service=redis"
}

told() { # KIND VERDICT SUBJECT: a line of the watch says so
  grep -qE "^[0-9-]{10} [0-9:]{8} [A-Z0-9+-]+  $1 +$2 +$3: " "$work/out"
}

threads() {
  find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l
}

run 64 "$OPS" health --watch 200ms
run 64 "$OPS" health --watch --wait 1s
run 64 "$OPS" health --watch -o json
run 64 "$OPS" health --hold 3
run 0 "$OPS" health --wait 90s --component redis -q

"$OPS" health --watch 1s --timeout 1s --component redis --only redis,docker -o text -o prom="$work/gallery.prom" \
  > "$work/out" 2> "$work/err" < /dev/null &
pid=$!
eventually 30 "the first state" told verdict ok "$GALLERY_NAME"
[[ $(wc -l < "$work/out") == 1 ]] || fail "a good day is one line"
[[ -s $work/gallery.prom ]] || fail "the file was not written"
before=$(threads)
stopped=$(docker inspect "$(redis)" --format '{{.State.Pid}}')
kill -STOP "$stopped"
eventually 60 "the frozen server" told new critical redis
sleep 8
after=$(threads)
kill -CONT "$stopped"
((after <= before + 12)) || fail "a server that hangs left threads behind: $before before, $after after"
eventually 60 "its recovery" told resolved ok redis
eventually 60 "the verdict" bash -c "tail -n 1 '$work/out' | grep -q '  verdict   ok '"
grep -q 'gallery_ops_verdict.* 0$' "$work/gallery.prom" || fail "the file does not follow"
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
[[ $code == 130 ]] || fail "interrupted, it ended with $code"
[[ ! -s $work/err ]] || fail "it wrote to standard error"

code=0
timeout 30 "$OPS" health --watch 1s --only redis 2> "$work/err" < /dev/null | head -n 1 > "$work/out" || code=$?
[[ $code == 0 && ! -s $work/err ]] || fail "a reader that went away is no failure"

# Its first look knows of the run before it.
run 0 "$OPS" health --wait 90s --component api --skip container-cpu -q
timeout 30 "$OPS" health --watch 1s --component api --only http-latency,latency-baseline -o text -o json="$work/look.json" \
  2> "$work/err" < /dev/null | head -n 1 > "$work/out" || true # a busy machine is slow, and that is a warning
jq -e '[.findings[] | select(.id | startswith("health.latency-baseline"))] | length > 0 and all(.message != "no history to compare with")' \
  "$work/look.json" > /dev/null || fail "the watch knows nothing of the run before it"
passed
