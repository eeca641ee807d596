#!/usr/bin/env bash
# With each trouble of the demo gallery `health` says what is wrong, and so do the logs. That it is
# well again after them is for the next look (scripts/test).
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
gallery=$ROOT/scripts/demo-gallery

# trouble → a filter that picks the finding of `logs` that names it
declare -A names_in_logs=(
  [5xx-burst]='(.id | startswith("logs.requests.")) and (.component == "api" or .component == "nginx")'
  [slow-generation]='.id == "logs.latency.gan-service drawn in"'
  [credential-stuffing]='.id == "logs.sign-in.sign-in"'
  [rate-limit-storm]='(.id | startswith("logs.rate-limit."))'
  [memory-leak]='.id == "logs.resources.gan-service memory"'
  [failing-mints]='.id == "logs.work.api mints"'
)

# trouble → a filter that picks the finding that names it
declare -A names=(
  [5xx-burst]='(.id == "health.error-rate.api" or (.id | startswith("health.alert.GalleryErrorShare")))'
  [slow-generation]='(.id | startswith("health.alert.GallerySlowGeneration"))'
  [credential-stuffing]='(.id | startswith("health.alert.GalleryLoginFailures"))'
  [rate-limit-storm]='(.id | startswith("health.alert.GalleryRateLimiting"))'
  [memory-leak]='(.id == "health.container-memory.gan-service")'
  [failing-mints]='(.id | startswith("health.alert.GalleryMintFailures"))'
)

named() {
  "$OPS" health --timeout 3s -o json > "$work/out" 2> "$work/err" || true
  local trouble missing=0
  for trouble in "${!names[@]}"; do
    jq -e "[.findings[] | select(.verdict == \"critical\" or .verdict == \"warning\") | select(${names[$trouble]})] | length > 0" \
      "$work/out" > /dev/null || { missing=1; echo "not yet: $trouble" >> "$work/waiting"; }
  done
  ((missing == 0))
}

# The logs alone name every trouble, without Prometheus and without asking a service.
named_in_logs() {
  "$OPS" logs --since 30m --no-history -o json > "$work/out" 2> "$work/err" || true
  local trouble missing=0
  for trouble in "${!names_in_logs[@]}"; do
    jq -e "[.findings[] | select(.verdict == \"critical\" or .verdict == \"warning\") | select(${names_in_logs[$trouble]})] | length > 0" \
      "$work/out" > /dev/null || { missing=1; echo "not yet in the logs: $trouble" >> "$work/waiting"; }
  done
  ((missing == 0))
}

ended_by_the_logs() {
  "$OPS" logs --since 30m --no-history -o json > "$work/out" 2> "$work/err" || true
  jq -e '.findings[] | select(.id == "logs.restarts.prometheus") | .verdict == "critical"' "$work/out" > /dev/null
}

container_of() {
  docker ps -aq --filter "label=com.docker.compose.project=$GALLERY_NAME" --filter "label=com.docker.compose.service=$1"
}

# Without Prometheus the error rate comes from the services' own access logs.
told_by_access_logs() {
  "$OPS" health --timeout 3s --only error-rate -o json > "$work/out" 2> "$work/err" || true
  jq -e '.findings[] | select(.id == "health.error-rate.nginx") | (.verdict == "critical" or .verdict == "warning") and (.message | test("access log"))' \
    "$work/out" > /dev/null
}

# Neither pending nor firing, in Prometheus and in Alertmanager.
no_alert() {
  local path answer
  for path in "$GALLERY_PORT_PROMETHEUS/api/v1/alerts" "$GALLERY_PORT_ALERTMANAGER/api/v2/alerts"; do
    answer=$(curl -fsS --max-time 5 "http://127.0.0.1:$path" 2> "$work/err") || return 1
    tee "$work/out" <<< "$answer" | jq -e '(if type == "array" then . else .data.alerts end) | length == 0' > /dev/null || return 1
  done
}

# Slower than before is what was seen before, often enough.
pictures_to_compare_with() {
  (($(docker logs "$(container_of gan-service)" 2>&1 | tee "$work/out" | grep -c 'drawn in') >= 25))
}

trap '"$gallery" trouble off > /dev/null; rm -rf "$work"' EXIT
[[ $("$gallery" trouble list | wc -l) == $((${#names[@]} + 1)) ]] || fail "a trouble has no row here"
# Only while no alert fires, be it of an earlier trouble: Alertmanager keeps those of a Prometheus
# that is away for minutes.
eventually 120 "being without alerts" no_alert
docker stop -t 2 "$(container_of prometheus)" > /dev/null
"$gallery" trouble 5xx-burst > /dev/null
eventually 60 "the access log's errors" told_by_access_logs
eventually 60 "what has ended, by the logs" ended_by_the_logs
docker start "$(container_of prometheus)" > /dev/null
eventually 120 "the first pictures" pictures_to_compare_with
for trouble in "${!names[@]}"; do
  "$gallery" trouble "$trouble" > /dev/null
done
eventually 90 "naming every trouble" named
eventually 90 "naming every trouble by the logs" named_in_logs
passed
