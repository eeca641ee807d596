#!/usr/bin/env bash
# The program when the trouble is its own: no descriptors, no threads, no route, no resolver, no
# space, a wrong clock, and a user who has seen enough. docs/faults.md lists what has to come of
# each. Needs GALLERY_OPS_PROGRAM; what a machine does not let us do is said and left out, and is a
# failure when GALLERY_OPS_REQUIRE_BED=1.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"

# No Engine and no user's files: only what each test configures.
export DOCKER_HOST=unix://$work/no-engine.sock XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config

mkfifo "$work/servers"
python3 "$ROOT/tests/support/odd_servers.py" 12 < "$work/servers" > "$work/ports" &
servers=$!
exec 9> "$work/servers" # the servers end with this script
trap 'exec 9>&-; wait "$servers" || true; rm -rf "$work"' EXIT
eventually 20 "the servers" grep -q '^silent ' "$work/ports"
read -ra HTTP < <(sed -n 's/^http //p' "$work/ports")
SILENT=$(sed -n 's/^silent //p' "$work/ports")

# config FILE [URL...]: the healthy servers, and the further endpoints named.
config() {
  local file=$1 port url number=0
  shift
  {
    echo 'endpoints:'
    for port in "${HTTP[@]}"; do echo "  - {name: h$((++number)), url: 'http://127.0.0.1:$port/health'}"; done
    number=0
    for url in "$@"; do echo "  - {name: x$((++number)), url: '$url'}"; done
  } > "$file"
}

# shellcheck disable=SC2054 # a list of names is one word
LOOK=(health --skip host-cpu,host-memory,network,descriptors,disk,inodes,docker-engine,gallery --timeout 2s -o json)

# left_out WHY: this machine does not let us bring the trouble about.
left_out() {
  [[ ${GALLERY_OPS_REQUIRE_BED:-0} != 1 ]] || fail "${FUNCNAME[1]}: $1"
  printf 'skipped: %s: %s\n' "${FUNCNAME[1]}" "$1" >&2
}

# own_trouble NAME: that finding is unknown and has a next step; nothing is critical; every other
# finding that is not ok follows from it.
own_trouble() {
  expect "health.self.$1 says so" ".findings[] | select(.id == \"health.self.$1\") | .verdict == \"unknown\" and .remediation != \"\""
  expect "no storm" '[.findings[] | select(.verdict == "critical" or .verdict == "warning")] == []'
  expect "the rest follows from it" "[.findings[] | select(.verdict == \"unknown\" and (.id | startswith(\"health.self.\") | not)) | .caused_by == [\"health.self.$1\"]] | all"
}

healthy_observer() {
  config "$work/ok.yaml"
  run 0 "$OPS" -c "$work/ok.yaml" "${LOOK[@]}"
  expect "the observer is well" '.findings[] | select(.id == "health.self.observer") | .verdict == "ok"'
}

no_descriptors() {
  config "$work/ok.yaml"
  # Standard ones, the signals', curl's own and the host's files fit; twelve connections do not.
  run 3 bash -c 'ulimit -n 14; exec "$@"' _ "$OPS" -c "$work/ok.yaml" "${LOOK[@]}"
  own_trouble descriptors
  expect "some were not seen" '[.findings[] | select(.id | startswith("health.http.")) | select(.verdict == "unknown")] | length > 0'
  # Even with next to nothing it ends, and says something.
  local limit
  for limit in 4 5 6 8; do
    local code=0
    bash -c 'ulimit -n "$1"; shift; exec "$@"' _ $limit "$OPS" -c "$work/ok.yaml" "${LOOK[@]}" > "$work/out" 2> "$work/err" || code=$?
    [[ -s $work/out || -s $work/err ]] || fail "with $limit descriptors it ends with $code and without a word"
    ((code != 0 && code < 128 && code != 2)) || fail "with $limit descriptors it ends with $code"
  done
}

no_threads() {
  # Root is bound by no such limit: a user of its own, who has no other process.
  local user=61234 program=$work/program
  [[ $(id -u) == 0 ]] || { left_out "needs root"; return; }
  cp "$OPS" "$program"
  chmod 755 "$work" "$program"
  config "$work/ok.yaml"
  chmod 644 "$work/ok.yaml"
  local few
  for few in 3 2; do
    local code=0
    (cd / && setpriv --reuid $user --regid $user --clear-groups -- prlimit --nproc=$few -- "$program" -c "$work/ok.yaml" "${LOOK[@]}") \
      > "$work/out" 2> "$work/err" < /dev/null || code=$?
    [[ $code == 3 ]] || fail "with $few threads it ended with $code"
    own_trouble threads
  done
}

# With any amount of memory it ends by itself, and never with what it did not see as an outage.
little_memory() {
  local limit code
  config "$work/ok.yaml"
  for limit in 40000 60000 $(seq 70000 1000 84000) 100000 120000 140000 160000 200000; do
    code=0
    bash -c 'ulimit -v "$1"; shift; exec "$@"' _ $limit "$OPS" -c "$work/ok.yaml" "${LOOK[@]}" > "$work/out" 2> "$work/err" < /dev/null || code=$?
    [[ $code == 0 || $code == 3 || $code == 70 || $code == 127 || $code == 78 ]] || fail "with $limit KiB it ended with $code"
    [[ $code != 3 ]] || expect "no storm" '[.findings[] | select(.verdict == "critical")] == []'
  done
}

no_route() {
  config "$work/remote.yaml" http://192.0.2.1/ http://shop.test/
  local -a alone=(unshare -n)
  unshare -n true 2> /dev/null || alone=(unshare -rn)
  "${alone[@]}" true 2> /dev/null || { left_out "no network namespaces"; return; }
  run 3 "${alone[@]}" "$OPS" -c "$work/remote.yaml" "${LOOK[@]}"
  own_trouble route
  run 3 "${alone[@]}" "$OPS" -c "$work/remote.yaml" health --timeout 2s --only http -o json
  own_trouble route
  expect "one cause, all of them" '[.findings[] | select(.id | startswith("health.http.")) | .verdict == "unknown"] | length == 14 and all'
}

dead_resolver() {
  config "$work/names.yaml" http://shop.test:1/ http://api.test:1/ http://cdn.test:1/
  local -a alone=(unshare -m)
  unshare -m true 2> /dev/null || alone=(unshare -rm)
  "${alone[@]}" true 2> /dev/null || { left_out "no mount namespaces"; return; }
  # A name server that refuses at once (nothing listens there), and one that never answers.
  local server
  for server in 127.0.0.77 192.0.2.53; do
    printf 'nameserver %s\noptions timeout:1 attempts:1\n' $server > "$work/resolv.conf"
    run 3 "${alone[@]}" bash -c 'mount --bind "$1" "$(readlink -f /etc/resolv.conf)" && shift && exec "$@"' _ "$work/resolv.conf" "$OPS" -c "$work/names.yaml" "${LOOK[@]}"
    own_trouble resolver
    expect "addresses are told" '[.findings[] | select(.id | test("^health.http.h[0-9]+$")) | .verdict == "ok"] | length == 12 and all'
  done
}

full_disk() {
  local -a alone=(unshare -m)
  unshare -m true 2> /dev/null || alone=(unshare -rm)
  config "$work/ok.yaml"
  mkdir -p "$work/full"
  local code=0
  "${alone[@]}" bash -c '
    mount -t tmpfs -o size=64k none "$1" || exit 99
    echo before > "$1/out.json"
    head -c 1M /dev/zero > "$1/fill" 2> /dev/null
    shift; "$@"; code=$?
    [ "$(cat "$0")" = before ] || exit 98
    [ "$(ls -A "$(dirname "$0")" | wc -l)" = 2 ] || exit 97
    exit $code' "$work/full/out.json" "$work/full" "$OPS" -c "$work/ok.yaml" "${LOOK[@]}" -o json="$work/full/out.json" \
    > "$work/out" 2> "$work/err" < /dev/null || code=$?
  [[ $code != 99 ]] || { left_out "no tmpfs"; return; }
  [[ $code == 70 ]] || fail "with a full disk it ended with $code"
  own_trouble disk
  grep -q 'No space left' "$work/err" || fail "the errors don't say why the file is missing"
  expect "the verdict is printed" '.verdict == "unknown" and .summary.ok > 12'
}

find_faketime() {
  local library
  for library in /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib64/faketime/libfaketimeMT.so.1; do
    [[ ! -r $library ]] || { FAKETIME_LIBRARY=$library; return 0; }
  done
  return 1
}

# with_clock FAKETIME_VARIABLE=VALUE... COMMAND...: runs it with a wall clock of its own. The library
# shares memory under the process's number, and leaves it when the program ends by the short way.
with_clock() {
  local code=0
  env LD_PRELOAD="$FAKETIME_LIBRARY" DONT_FAKE_MONOTONIC=1 "$@" &
  local pid=$!
  wait "$pid" || code=$?
  rm -f "/dev/shm/faketime_shm_$pid" "/dev/shm/sem.faketime_sem_$pid"
  return "$code"
}

wrong_clock() {
  find_faketime || { left_out "libfaketime is not installed"; return; }
  config "$work/ok.yaml"
  local offset
  for offset in -20y +8y; do
    run 3 with_clock FAKETIME=$offset "$OPS" -c "$work/ok.yaml" "${LOOK[@]}"
    own_trouble clock
  done
}

stepped_clock() {
  find_faketime || { left_out "libfaketime is not installed"; return; }
  config "$work/slow.yaml" "http://127.0.0.1:$SILENT/"
  local code=0
  echo +0 > "$work/time"
  (sleep 1; echo +3600 > "$work/time") &
  local clock=$!
  with_clock FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE="$work/time" \
    "$OPS" -c "$work/slow.yaml" "${LOOK[@]}" > "$work/out" 2> "$work/err" < /dev/null || code=$?
  wait "$clock" || true
  [[ $code == 2 ]] || fail "it ended with $code: the silent server is critical as ever"
  expect "the step is told" '.findings[] | select(.id == "health.self.clock") | .verdict == "unknown" and (.message | test("jumped forwards by (1 h|59 min|60 min)"))'
  expect "the healthy are told" '[.findings[] | select(.id | test("^health.http.h[0-9]+$")) | .verdict == "ok"] | length == 12 and all'
}

# hanging FILE: the healthy servers, and one of each kind that takes connections and is silent.
hanging() {
  config "$1" "http://127.0.0.1:$SILENT/a" "http://127.0.0.1:$SILENT/b"
  {
    echo "postgres: [{name: pg, dsn: 'host=127.0.0.1 port=$SILENT user=u dbname=d'}]"
    echo "redis: [{name: cache, url: 'redis://127.0.0.1:$SILENT'}]"
    echo "ipfs: [{name: node, api: 'http://127.0.0.1:$SILENT'}]"
    echo "prometheus: {url: 'http://127.0.0.1:$SILENT'}"
    echo "alertmanager: {url: 'http://127.0.0.1:$SILENT'}"
    echo "ethereum: {rpc: 'http://127.0.0.1:$SILENT'}"
  } >> "$1"
}

# How many ms it takes at this moment to start the program and end it.
start_takes() {
  local began
  began=$(date +%s%N)
  "$OPS" --version > /dev/null
  echo $((($(date +%s%N) - began) / 1000000))
}

# Everything hangs, and the run ends by its deadline: 100 ms later at most, and what the start of
# the program takes. A busy machine may spoil some tries.
keeps_its_deadline() {
  local try began took start
  hanging "$work/hang.yaml"
  for try in 1 2 3 4 5; do
    start=$(start_takes)
    began=$(date +%s%N)
    run 2 "$OPS" -c "$work/hang.yaml" health --timeout 1s --deadline 1s -o json
    took=$((($(date +%s%N) - began) / 1000000 - start))
    expect "the silent are critical" '[.findings[] | select(.id | test("postgres.pg|redis.cache|ipfs.node|ethereum.ethereum|http.x")) | .verdict == "critical"] | length == 6 and all'
    expect "the healthy are told" '[.findings[] | select(.id | test("^health.http.h[0-9]+$")) | .verdict == "ok"] | length == 12 and all'
    ((took <= 1100)) && return
  done
  fail "with a deadline of 1 s it took $took ms without the start, five times"
}

# interrupted SIGNAL: a run in which everything hangs ends within 200 ms (and some for a busy
# machine), with what it has seen so far.
interrupted() {
  local pid code=0 began took
  hanging "$work/hang.yaml"
  "$OPS" -c "$work/hang.yaml" health --timeout 60s --deadline 60s -o json > "$work/out" 2> "$work/err" < /dev/null &
  pid=$!
  sleep 1.5
  began=$(date +%s%N)
  kill -"$1" "$pid"
  wait "$pid" || code=$?
  took=$((($(date +%s%N) - began) / 1000000))
  [[ $code == 130 ]] || fail "after SIG$1 it ended with $code"
  expect "the findings so far" '.interrupted == true and ([.findings[] | select(.id | startswith("health.http.h")) | .verdict] | length == 12)'
  expect "what was cut short is unknown" '[.findings[] | select(.id | test("postgres.pg|redis.cache|ipfs.node|http.x")) | .verdict == "unknown"] | length >= 5 and all'
  # shellcheck disable=SC2034
  last_took=$took
}

stops_at_once() {
  local signal try
  for signal in INT TERM; do
    for try in 1 2 3; do
      interrupted $signal
      ((last_took <= 200)) && break
      ((try < 3)) || fail "SIG$signal took $last_took ms three times"
    done
  done
}

healthy_observer
no_descriptors
no_threads
little_memory
no_route
dead_resolver
full_disk
wrong_clock
stepped_clock
keeps_its_deadline
stops_at_once
passed
