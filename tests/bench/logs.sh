#!/usr/bin/env bash
# How fast logs are reviewed, beside rg, gzip, goaccess and lnav in the same run, and how much memory it
# takes. The log is made here (tests/bench/logs_mix.cpp, which prints its mix) and lies in memory.
#
# usage: tests/bench/logs.sh [MEBIBYTES]      default: 1024
#
# Peers that are not installed are left out; the program is build/gallery-ops.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
MEBIBYTES=${1:-1024}
OPS=$ROOT/build/gallery-ops
work=$(mktemp -d /dev/shm/gallery-ops-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
cmake --build "$ROOT/build" --target bench-logs-mix > "$work/build.log" || { cat "$work/build.log" >&2; exit 1; }

# seconds COMMAND...: the best of three runs; the exit code does not count.
seconds() {
  local best='' began took
  for _ in 1 2 3; do
    began=$EPOCHREALTIME
    "$@" > "$work/out" 2> "$work/err" < /dev/null || true
    took=$(awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.3f", to - from }')
    best=$(printf '%s\n' $best "$took" | sort -g | head -n 1)
  done
  echo "$best"
}

rate() { awk -v bytes="$1" -v seconds="$2" 'BEGIN { printf "%.0f MB/s", bytes / seconds / 1e6 }'; }

# one NAME FILE COMMAND...: a line of the table, with the ratio to ours.
one() {
  local name=$1 file=$2 took
  shift 2
  if ! command -v "$1" > /dev/null; then
    printf '  %-34s not installed\n' "$name"
    return
  fi
  took=$(seconds "$@")
  printf '  %-34s %8s s  %10s  we take %s of its time\n' "$name" "$took" "$(rate "$(stat -c %s "$file")" "$took")" \
    "$(awk -v ours="$ours" -v its="$took" 'BEGIN { printf "%.2f", ours / its }')"
}

ours_on() {
  ours=$(seconds "$OPS" --no-history logs "$1" -q)
  printf '  %-34s %8s s  %10s\n' "gallery-ops logs" "$ours" "$(rate "$(stat -c %s "$1")" "$ours")"
}

for addresses in 100000 1500000; do
  "$ROOT/build/tests/bench-logs-mix" $((MEBIBYTES << 20)) "$addresses" > "$work/mix.log" 2> "$work/mix"
  printf '%s addresses: ' "$addresses"
  cat "$work/mix"
  ours_on "$work/mix.log"
  one "rg -j1 --no-mmap -c -F ABSENT" "$work/mix.log" rg -j1 --no-mmap -c -F ABSENT "$work/mix.log"
done
printf '  memory: '
command time -f '%M KiB at most' "$OPS" --no-history logs "$work/mix.log" -q 2>&1 > /dev/null | tail -n 1

gzip -1 -k "$work/mix.log"
printf 'packed by gzip:\n'
ours=$(seconds "$OPS" --no-history logs "$work/mix.log.gz" -q)
printf '  %-34s %8s s\n' "gallery-ops logs" "$ours"
one "gzip -dc" "$work/mix.log.gz" gzip -dc "$work/mix.log.gz"

grep -F '] "' "$work/mix.log" | grep -vF uvicorn | head -c $((MEBIBYTES << 18)) | sed '$d' > "$work/access.log"
rm -f "$work/mix.log" "$work/mix.log.gz"
printf 'the access log of it alone:\n'
ours_on "$work/access.log"
one goaccess "$work/access.log" goaccess "$work/access.log" --log-format=COMBINED --no-global-config -o "$work/goaccess.json"
one "lnav -n" "$work/access.log" lnav -n -c ':quit' "$work/access.log"
