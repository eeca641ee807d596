# shellcheck shell=bash
# What the tests of the whole program share. A test names what it expects; the first thing that
# does not hold ends the script with what was seen.

OPS=${GALLERY_OPS_PROGRAM:?the built program}
work=$(mktemp -d "${TMPDIR:-/tmp}/gallery-ops-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The program with a history of the test's own: never that of whoever runs it. (The demo gallery
# keeps its state below the same variable, so it can't be exported.)
state=$work/state
printf '#!/usr/bin/env bash\nXDG_STATE_HOME=%q exec %q "$@"\n' "$state" "$OPS" > "$work/gallery-ops"
chmod +x "$work/gallery-ops"
OPS=$work/gallery-ops
asserted=0

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  jq -c '.findings[] | select(.verdict != "ok" and .verdict != "skipped") | [.id, .verdict, .message]' "$work/out" >&2 2> /dev/null || true
  for file in "$work"/err "$work"/out; do
    [[ ! -s $file ]] || { printf -- '--- %s\n' "${file##*/}" >&2; head -c 3000 "$file" >&2; }
  done
  exit 1
}

# run CODE COMMAND...: runs a command, keeps its output in $work/out and $work/err, expects its code.
# One that took long is told.
run() {
  local wanted=$1 code=0 began=$SECONDS
  shift
  "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
  ((SECONDS - began < 3)) || printf '%s: %d s\n' "$*" $((SECONDS - began))
  asserted=$((asserted + 1))
  [[ $code == "$wanted" ]] || fail "'$*' ended with $code, expected $wanted"
}

# expect WHAT [JQ-OPTION...] JQ-FILTER: the filter holds for the JSON in $work/out.
expect() {
  local what=$1
  shift
  asserted=$((asserted + 1))
  jq -e "$@" "$work/out" > /dev/null || fail "$what: $*"
}

# says TEXT: the output holds the text.
says() {
  asserted=$((asserted + 1))
  grep -qF -- "$1" "$work/out" || fail "the output lacks '$1'"
}

# silent_about TEXT: neither output nor errors hold the text.
silent_about() {
  asserted=$((asserted + 1))
  ! grep -qF -- "$1" "$work/out" "$work/err" || fail "the output holds what it must not"
}

# eventually SECONDS WHAT COMMAND...: the command succeeds within the time; how long it took is told.
eventually() {
  local began=$SECONDS until=$((SECONDS + $1)) what=$2
  shift 2
  asserted=$((asserted + 1))
  until "$@"; do
    ((SECONDS < until)) || fail "$what did not come about in time"
    sleep 1
  done
  printf '%s: after %d s\n' "$what" $((SECONDS - began))
}

passed() {
  printf '%d assertions passed\n' "$asserted"
}
