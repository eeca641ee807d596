#!/usr/bin/env bash
# The demo gallery tested from outside: selftest.sh [PART...]
# Parts: up, troubles, backup, down (default: all, in that order), on the bed GALLERY_NAME.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DEMO=$ROOT/scripts/demo-gallery
export GALLERY_NAME=${GALLERY_NAME:-selftest}
PASSED=0 FAILED=0
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# check WORDS COMMAND...
check() {
  local words=$1 started=$SECONDS
  shift
  if "$@" > "$WORK/output" 2>&1; then
    PASSED=$((PASSED + 1))
    printf 'ok    %s (%d s)\n' "$words" $((SECONDS - started))
  else
    FAILED=$((FAILED + 1))
    printf 'FAIL  %s (%d s)\n' "$words" $((SECONDS - started))
    sed 's/^/      /' "$WORK/output"
  fi
}

# within SECONDS COMMAND...: until it succeeds.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}

# What `down` must leave as it was.
host_state() {
  ip -br link | awk '{ print "link", $1 }' | grep -v '^link veth' || true
  iptables-save 2> /dev/null | grep -v '^#' | sed 's/\[[0-9:]*\]//' || true
  sysctl -n net.ipv4.ip_forward
  # The kernel writes a blank in a path as \040.
  awk '{ gsub(/\\040/, " ", $5); print "mount", $5 }' /proc/self/mountinfo
  find /sys/fs/cgroup -type d -name 'gallery-ops-demo-*'
}

own_traces() {
  local bed=${XDG_STATE_HOME:-$HOME/.local/state}/gallery-ops/demo/$GALLERY_NAME id
  id=$(printf '%s' "$bed" | sha256sum | cut -c1-8)
  host_state | grep -e "$bed" -e "$id" || true
  find "$bed" "${bed%/*}/.$GALLERY_NAME.lock" "/dev/shm/gallery-ops-demo-$id" "/run/gallery-ops-demo-$id" \
    -maxdepth 0 2> /dev/null || true
  grep -lszF "GALLERY_DEMO_ENGINE=$bed" /proc/[0-9]*/environ 2> /dev/null || true
}

no_traces() {
  own_traces
  [[ -z $(own_traces) ]]
}

alert_firing() {
  curl -fsS -m 5 "http://127.0.0.1:$GALLERY_PORT_ALERTMANAGER/api/v2/alerts?active=true" |
    jq -e --arg name "$1" 'any(.[]; .labels.alertname == $name)' > /dev/null
}

no_alerts() {
  curl -fsS -m 5 "http://127.0.0.1:$GALLERY_PORT_PROMETHEUS/api/v1/alerts" | jq -e '.data.alerts == []' > /dev/null
}

others_firing() {
  curl -fsS -m 5 "http://127.0.0.1:$GALLERY_PORT_PROMETHEUS/api/v1/alerts" |
    jq -r --arg name "$1" '.data.alerts[] | select(.labels.alertname != $name) | .labels.alertname + " " + .labels.service'
}

part_up() {
  check "up" "$DEMO" up
  check "status is good" "$DEMO" status
  check "up again changes nothing" "$DEMO" up
  load_environment
  check "the configuration can be read by its owner only" test "$(stat -c %a "$GALLERY_OPS_CONFIG")" = 600
  check "the certificate is good for 60 days" certificate_good
  check "fewer than 1 % of the requests fail" error_share_small
}

certificate_good() {
  openssl x509 -noout -checkend $((60 * 86400)) -in "$(dirname "$GALLERY_OPS_CONFIG")/tls/server.pem" &&
    curl -fsS --cacert "$(dirname "$GALLERY_OPS_CONFIG")/tls/ca.pem" "https://localhost:$GALLERY_PORT_NGINX/health"
}

error_share_small() {
  curl -fsS -m 5 -G "http://127.0.0.1:$GALLERY_PORT_PROMETHEUS/api/v1/query" --data-urlencode \
    'query=(sum(http_requests_total{status=~"5.."}) or vector(0)) / sum(http_requests_total)' |
    tee /dev/stderr | jq -e '.data.result[0].value[1] | tonumber < 0.01' > /dev/null
}

part_troubles() {
  load_environment
  trouble 5xx-burst GalleryErrorShare
  trouble slow-generation GallerySlowGeneration
  trouble credential-stuffing GalleryLoginFailures
  trouble rate-limit-storm GalleryRateLimiting
  trouble memory-leak GalleryMemoryHigh
  trouble failing-mints GalleryMintFailures
  trouble stopped-service GalleryServiceDown
  trouble stopped-service GalleryServiceDown redis
  check "no container was killed for its memory" none_killed
}

# trouble NAME ALERT [SERVICE]
trouble() {
  check "$1 ${3:-} is switched on" "$DEMO" trouble "$1" ${3:+"$3"}
  check "$1 ${3:-} reaches $2" within 90 alert_firing "$2"
  others_firing "$2" | sed 's/^/      also: /' || true
  check "$1 ${3:-} is switched off" "$DEMO" trouble "$1" off
  check "$1 ${3:-} is gone from the alerts" within 120 no_alerts
}

none_killed() {
  [[ $(docker ps -aq --filter label=gallery-ops.demo.bed | xargs docker inspect --format '{{.State.OOMKilled}}' | sort -u) == false ]]
}

part_backup() {
  load_environment
  check "backup" "$DEMO" backup "$WORK/backups"
  find "$WORK/backups" -type f -printf '      %P %s\n'
  check "every kind of backup is there" backup_complete
  check "the archives can be read" backup_readable
  check "the artworks match their manifest" backup_art_matches
}

backup_complete() {
  local pattern
  for pattern in database/full-*.tar.gz database/*.dump database/backup_*.sql redis/redis-*.rdb \
    art-files/art-files-*.tar.gz art-files/manifest-*.txt configs/configs-*.tar.gz contracts/contract-0x*.json \
    contracts/manifest-*.json app-state/state-*.tar.gz app-state/sessions-*.tar.gz app-state/redis-jobs-*.rdb \
    app-state/manifest-*.json; do
    compgen -G "$WORK/backups/$pattern" > /dev/null || {
      echo "missing: $pattern"
      return 1
    }
  done
  jq -e '(.bytecode | length > 1000) and (.storageRoot | length == 66) and .blockNumber > 0' "$WORK"/backups/contracts/contract-*.json
}

backup_readable() {
  find "$WORK/backups" -name '*.tar.gz' -print0 | xargs -0 -n 1 gzip -t
  [[ $(head -c 5 "$WORK"/backups/database/*.dump) == PGDMP && $(head -c 5 "$WORK"/backups/redis/*.rdb) == REDIS ]]
}

backup_art_matches() {
  tar -C "$WORK" -xzf "$WORK"/backups/art-files/art-files-*.tar.gz
  (cd "$WORK" && sha256sum -c --quiet backups/art-files/manifest-*.txt)
}

part_down() {
  check "down" "$DEMO" down
  check "nothing is left" no_traces
  if [[ -n ${STATE_BEFORE:-} ]]; then
    check "links, firewall, forwarding, mounts and cgroups are as before" diff <(echo "$STATE_BEFORE") <(host_state)
  fi
  check "down again is fine" "$DEMO" down
}

load_environment() {
  eval "$("$DEMO" env)"
}

main() {
  local part parts=("$@")
  ((${#parts[@]} > 0)) || parts=(up troubles backup down)
  # Other beds come and go: only a run alone on the machine can be compared.
  if [[ ${parts[0]} == up && -z $(pgrep -x dockerd || true) ]]; then
    STATE_BEFORE=$(host_state)
  fi
  for part in "${parts[@]}"; do
    "part_$part"
  done
  printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  ((FAILED == 0))
}

main "$@"
