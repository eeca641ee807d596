#!/usr/bin/env bash
# `health` on two real Engines of this test's own, one of them over TCP with TLS: both in one report,
# and what is said when a certificate is missing, a stranger's, or the server's can't be trusted.
# Needs root, dockerd, docker, openssl and busybox-static, and GALLERY_OPS_PROGRAM.
set -euo pipefail
[[ $(id -u) == 0 ]] || exec sudo -n --preserve-env=GALLERY_OPS_PROGRAM,TMPDIR "$0"
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
# shellcheck source=tests/support/engines.sh
. "$ROOT/tests/support/engines.sh"

engines_begin
trap 'engines_end; rm -rf "$work"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# config FILE TLS-SETTINGS: the near Engine by its socket, the far one over TLS with these settings.
config() {
  # shellcheck disable=SC2154 # expect.sh sets it
  cat > "$work/$1" << CONFIG
project: gallery
docker:
  hosts:
    - {name: near, url: "unix://$(engine_socket near)"}
    - {name: far, url: "tcp://127.0.0.1:$port", $2}
CONFIG
}

start_both() {
  engine_certificates
  engine_start near
  engine_start far "127.0.0.1:$port"
  local name
  for name in near far; do
    engine_image "$name" box:1
    on "$name" run -d --network host --name "gallery_$name" --label com.docker.compose.project=gallery \
      --label "com.docker.compose.service=api-$name" box:1 sleep 3600 > /dev/null
  done
}

# health CONFIG: a look without the host, whose load is not ours; any code.
health() {
  "$OPS" health -c "$work/$1" --skip host --timeout 3s -o json > "$work/out" 2> "$work/err" || true
}

both_in_one_report() {
  config good.yaml "ca_file: $work/tls/ca.pem, cert_file: $work/tls/client.pem, key_file: $work/tls/client.key"
  health good.yaml
  expect "both Engines are well" '[.findings[] | select(.id | startswith("health.docker-engine.")) | .verdict] == ["ok", "ok"]'
  expect "the containers of both are judged" '[.findings[] | select(.id | startswith("health.docker.api-")) | .verdict] == ["ok", "ok"]'
}

# refused TLS-SETTINGS PATTERN: the far Engine is a finding that says this; the near one is told.
refused() {
  config bad.yaml "$1"
  health bad.yaml
  expect "the far Engine says $2" ".findings[] | select(.id == \"health.docker-engine.far\") | .verdict != \"ok\" and (.message + .remediation | test(\"$2\"; \"i\"))"
  expect "the near one is told" '.findings[] | select(.id == "health.docker-engine.near") | .verdict == "ok"'
  expect "and so is its service" '[.findings[] | select(.id | startswith("health.docker.api-near")) | .verdict] == ["ok"]'
}

start_both
both_in_one_report
refused "ca_file: $work/tls/ca.pem" "certificate"
refused "ca_file: $work/tls/ca.pem, cert_file: $work/tls/stranger.pem, key_file: $work/tls/stranger.key" "certificate"
refused "ca_file: $work/tls/stranger-ca.pem, cert_file: $work/tls/client.pem, key_file: $work/tls/client.key" "certificate"
passed
