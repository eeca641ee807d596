#!/usr/bin/env bash
# The history as a user meets it, on the demo gallery: remembered runs, what changed with a trouble,
# and files that can't be used. Needs the variables that `scripts/demo-gallery env` prints, and
# GALLERY_OPS_PROGRAM.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
gallery=$ROOT/scripts/demo-gallery
# shellcheck disable=SC2154 # expect.sh sets it
file=$state/gallery-ops/history.db

# The machine that runs the tests is busy with them.
WELL=(health --wait 90s --skip "host-cpu,container-cpu")

remembers_runs() {
  run 0 "$OPS" "${WELL[@]}" -o json
  expect "the first run has no baseline yet" '[.findings[] | select(.id | startswith("health.latency-baseline.")) | .verdict == "skipped" and (.message | test("no baseline yet: 0 of 20 samples"))] | length > 2 and all'
  run 0 "$OPS" "${WELL[@]}" -o json
  expect "the second knows the first" '[.findings[] | select(.id | startswith("health.latency-baseline.")) | .message | test("no baseline yet: 1 of 20 samples")] | length > 2 and all'
  [[ $(stat -c %a "$file") == 600 && $(stat -c %a "${file%/*}") == 700 ]] || fail "others can read the history"
  run 0 "$OPS" history runs -o json
  expect "both are listed" '(.details[0] | .id == "runs" and (.rows | length == 2)) and ([.details[1].rows[][6] == "narrowed"] | all)'
  run 0 "$OPS" history diff -o json
  expect "nothing became worse" '[.details[0].rows[][0]] | index("worse") == null'
  run 0 "$OPS" "${WELL[@]}" --no-history -q
  run 0 "$OPS" history runs -o json
  expect "--no-history writes nothing" '.details[0].rows | length == 2'
}

is_troubled() {
  "$OPS" health --timeout 2s --skip "host-cpu,container-cpu" -o json > "$work/out" 2> "$work/err" || true
  jq -e '[.findings[] | select(.id == "health.docker.ipfs") | .verdict == "critical"] | any' "$work/out" > /dev/null
}

tells_what_a_trouble_changed() {
  local before
  before=$("$OPS" history runs -o json | jq -r '.details[0].rows[0][1]')
  "$gallery" trouble stopped-service ipfs > /dev/null
  eventually 30 "the trouble" is_troubled
  is_troubled || fail "it did not last"
  expect "a problem that lasts says since when, and that it is the first time" '.findings[] | select(.id == "health.docker.ipfs") | (.since | length > 0) and .recurrence.times == 1'
  run 0 "$OPS" history diff "$before" last -o json
  expect "the service is worse" '[.details[0].rows[] | select(.[1] == "health.docker.ipfs") | .[0] == "worse" and .[2] == "ok" and .[3] == "critical"] == [true]'
  run 0 "$OPS" history diff "$before"
  says 'health.docker.ipfs'
  run 0 "$OPS" history show -o json
  expect "the run is shown as it was" '.verdict == "critical" and ([.findings[] | select(.id == "health.docker.ipfs") | .measured.unit == "containers"] == [true])'
  run 0 "$OPS" history trend health.http-latency.api -o json
  expect "a figure has a course" '([.details[] | select(.id == "series") | .points | length] | add) > 2'
  run 0 "$OPS" history trend health.http-latency.api
  "$gallery" trouble off > /dev/null
}

refuses_what_is_not_there() {
  run 64 "$OPS" history show 19990101
  run 64 "$OPS" history show 2
  run 64 "$OPS" history trend health.error-rate.apo
  grep -qF "did you mean 'health.error-rate.api'?" "$work/err" || fail "the nearest id is not named"
  run 64 "$OPS" history prune
  run 64 "$OPS" history runs --no-history
  run 64 "$OPS" history export -o json
  run 3 "$OPS" history runs --history "$work/none.db"
  says 'there is none yet'
  [[ ! -e $work/none.db ]] || fail "looking made a file"
}

exports_and_prunes() {
  run 0 "$OPS" history export
  jq -es '[.[] | select(.type == "summary")] | length > 3' "$work/out" > /dev/null || fail "the export lacks runs"
  run 0 "$OPS" history export -o ndjson="$work/runs.ndjson"
  jq -es 'map(select(.type == "finding")) | length > 300' "$work/runs.ndjson" > /dev/null || fail "the file lacks findings"
  run 0 "$OPS" history prune --older-than 1h
  says '0 runs removed'
  run 0 "$OPS" history prune --older-than 0s
  says 'left: no run'
}

# with_note FILE TEXT: with this history `health` says so once, and all else is as without it.
with_note() {
  cp "$1" "$work/before" 2> /dev/null || true
  run 0 "$OPS" "${WELL[@]}" --history "$1" -o json
  expect "the one note says why" "[.notes[] | select(test(\"not in the history\"))] | length == 1 and all(test(\"$2\"))"
  [[ ! -f $work/before ]] || cmp -s "$work/before" "$1" || fail "the file was changed"
  rm -f "$work/before"
}

is_not_stopped_by_its_file() {
  local pid
  head -c 20000 /dev/urandom > "$work/broken.db"
  with_note "$work/broken.db" "no SQLite database"
  with_note "$work" "is a folder"
  with_note "$work/broken.db/history.db" "Not a directory"
  with_note /proc/history.db "history.db"
  run 0 "$OPS" "${WELL[@]}" --history "$work/locked.db" -q
  python3 -c 'import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(600)' "$work/locked.db" > "$work/held" &
  pid=$!
  eventually 20 "the lock" grep -q held "$work/held"
  run 0 "$OPS" "${WELL[@]}" --history "$work/locked.db" -o json
  kill "$pid"
  expect "a locked history is one note" '[.notes[] | select(test("not in the history"))] | length == 1 and all(test("holds it locked"))'
  run 0 env -u XDG_STATE_HOME HOME=/proc "$GALLERY_OPS_PROGRAM" "${WELL[@]}" -o json
  expect "a home that can't be written is no trouble" '[.notes[] | select(test("history"))] == []'
  run 0 env -u XDG_STATE_HOME -u HOME "$GALLERY_OPS_PROGRAM" "${WELL[@]}" -o json
  expect "nor is none" '[.notes[] | select(test("history"))] == []'
}

remembers_runs
is_not_stopped_by_its_file
tells_what_a_trouble_changed
refuses_what_is_not_there
exports_and_prunes
passed
