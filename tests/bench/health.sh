#!/usr/bin/env bash
# How fast `health` is, each figure beside its peer in the same run. Prints a table in Markdown.
#
# usage: tests/bench/health.sh [BUILD-FOLDER]      default: build
#
# Needs the demo gallery (`eval "$(scripts/demo-gallery env)"`), and the packages hyperfine and
# monitoring-plugins-standard. Nothing else should be busy on the machine.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${1:-$ROOT/build}
OPS=$BUILD/gallery-ops
PLUGINS=${PLUGINS:-/usr/lib/nagios/plugins}
: "${GALLERY_NAME:?eval \"\$(scripts/demo-gallery env)\" first}"
work=$(mktemp -d "${TMPDIR:-/tmp}/gallery-ops-bench.XXXXXX")
crowd=
trap '[[ -z $crowd ]] || kill "$crowd" 2> /dev/null; rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state
mkdir -p "$XDG_STATE_HOME"

row() { printf '| %s | %s | %s | %s |\n' "$@"; }
ratio() { jq -n "$1 / $2 * 100 | round / 100"; }
ms() { jq -n "$1 * 1000 | round"; }

# median COMMAND: seconds, of ten runs after two to warm up. The pause between them lets a run use
# the counters that the one before it left, as one from cron does; it is not measured.
median() {
  hyperfine --shell=none -i -w 2 -r 10 --prepare 'sleep 0.3' --export-json "$work/hyperfine.json" "$@" > /dev/null 2>&1
  jq -r '.results[0].median' "$work/hyperfine.json"
}

# peak COMMAND…: the most memory that it had resident, in MiB.
peak() {
  python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1))' "$@"
}

# What the playbook has people type.
playbook_lines() {
  cat > "$work/playbook" << LINES
#!/bin/bash
docker-compose -p $GALLERY_NAME -f $GALLERY_COMPOSE_FILE ps
curl -s http://127.0.0.1:$GALLERY_PORT_FRONTEND/health
curl -s http://127.0.0.1:$GALLERY_PORT_GAN_SERVICE/health
curl -s http://127.0.0.1:$GALLERY_PORT_API/health
docker-compose -p $GALLERY_NAME -f $GALLERY_COMPOSE_FILE logs --tail=100 | grep -i error
exit 0
LINES
  chmod +x "$work/playbook"
}

# One plugin for each thing that `health` looks at and a plugin exists for, one after the other.
plugin_lines() {
  local port container query method secrets
  secrets=$(dirname "$GALLERY_OPS_CONFIG")/secrets
  {
    echo '#!/bin/bash'
    for port in FRONTEND GAN_SERVICE API; do
      echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_$port -u /health"
    done
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_NGINX -S -u /health"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_NGINX -S -C 30"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_PROMETHEUS -u /-/ready"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_PROMETHEUS -u /api/v1/targets -r '\"health\":\"up\"'"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_ALERTMANAGER -u /-/ready"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_ALERTMANAGER -u /api/v2/alerts"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_IPFS_GATEWAY -u /ipfs/$(sed -n 's/.*cid: "\([a-z0-9]*\)".*/\1/p' "$GALLERY_OPS_CONFIG")"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_IPFS -j POST -u /api/v0/version"
    echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_IPFS -j POST -u /api/v0/repo/stat"
    for method in eth_chainId eth_blockNumber eth_syncing eth_gasPrice; do
      echo "$PLUGINS/check_http -H 127.0.0.1 -p \$GALLERY_PORT_ETHEREUM -T application/json -P '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$method\",\"params\":[]}'"
    done
    echo "$PLUGINS/check_tcp -H 127.0.0.1 -p \$GALLERY_PORT_REDIS -E -s 'AUTH $(cat "$secrets/redis.password")\\r\\nPING\\r\\n' -e PONG"
    while read -r query; do
      echo "$PLUGINS/check_pgsql -H 127.0.0.1 -P \$GALLERY_PORT_POSTGRES -d gallery -l gallery -p '$(cat "$secrets/postgres.password")' -q \"$query\""
    done << 'QUERIES'
SELECT count(*) FROM pg_stat_activity
SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
SELECT sum(blks_hit) / (sum(blks_hit) + sum(blks_read) + 1) FROM pg_stat_database
SELECT max(age(datfrozenxid)) FROM pg_database
QUERIES
    echo "$PLUGINS/check_disk -w 10% -c 5% -W 10% -K 5% -p /"
    echo "$PLUGINS/check_load -w 8 -c 16"
    echo "$PLUGINS/check_procs -w 1000"
    # The services themselves: no plugin asks the Engine, people wrap docker inspect.
    for container in $(docker ps -q --filter "label=com.docker.compose.project=$GALLERY_NAME"); do
      echo "docker inspect --format '{{.State.Status}}' $container"
    done
    echo 'exit 0'
  } > "$work/plugins"
  chmod +x "$work/plugins"
}

against_peers() {
  local health cold playbook plugins version curl_version
  "$OPS" health > /dev/null || true # leaves the counters for the next
  sleep 0.3
  health=$(median "$OPS health")
  cold=$(median "$OPS health --no-history")
  playbook=$(median "$work/playbook")
  plugins=$(median "$work/plugins")
  version=$(median "$OPS --version")
  curl_version=$(median "curl --version")
  row "health, the playbook's shell lines" "$(ms "$health") ms" "$(ms "$playbook") ms" "$(ratio "$playbook" "$health") × faster (wanted: 10)"
  row "health without history, the playbook's shell lines" "$(ms "$cold") ms" "$(ms "$playbook") ms" "$(ratio "$playbook" "$cold") × faster"
  row "health, monitoring-plugins one after the other" "$(ms "$health") ms" "$(ms "$plugins") ms" "$(ratio "$plugins" "$health") × faster (wanted: 3)"
  row "--version, curl --version" "$(ms "$version") ms" "$(ms "$curl_version") ms" "$(ratio "$version" "$curl_version") of the time (wanted: at most 1.1)"
}

against_slowest_probe() {
  local i worst=0 over slowest whole
  for i in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.3
    "$OPS" health -o json > "$work/out.json" || true
    over=$(jq '.duration_ms - 1.2 * ([.findings[].duration_ms // 0] | max)' "$work/out.json")
    if [[ $i == 1 ]] || (($(jq -n "$over > $worst | if . then 1 else 0 end"))); then
      worst=$over
      slowest=$(jq '[.findings[].duration_ms // 0] | max' "$work/out.json")
      whole=$(jq '.duration_ms' "$work/out.json")
    fi
  done
  row "the worst of ten: whole run, slowest probe" "$whole ms" "$slowest ms" "1.2 × the probe $(jq -n "$worst | round | if . < 0 then \"- \\(-.)\" else \"+ \\(.)\" end" -r) ms (wanted: at most + 30)"
}

memory() {
  row "resident memory, demo gallery" "$(peak "$OPS" health) MiB" "32 MiB" "bound"
}

# serve WHAT…: starts a crowd; its configuration is in $work/crowd.yaml.
serve() {
  [[ -p $work/hold ]] || mkfifo "$work/hold"
  "$BUILD/tests/bench-crowd" "$@" > "$work/crowd.yaml" < "$work/hold" &
  crowd=$!
  exec 9> "$work/hold"
  until [[ -s $work/crowd.yaml ]]; do sleep 0.05; done
  sleep 0.2
}

dismiss() {
  exec 9>&-
  wait "$crowd" 2> /dev/null || true
  crowd=
}

crowds() {
  local count seconds
  for count in 10 100 200 1000; do
    serve endpoints "$count" 100
    seconds=$(median "$OPS health -c $work/crowd.yaml --no-history --only http")
    row "$count endpoints of 100 ms each" "$(ms "$seconds") ms" "$([[ $count == 200 ]] && echo 1000 ms || echo -)" "$(peak "$OPS" health -c "$work/crowd.yaml" --no-history --only http) MiB"
    dismiss
  done
  for count in 10 100 500 1000; do
    serve engine "$count" "$work/engine.sock"
    seconds=$(median "$OPS health -c $work/crowd.yaml --no-history --only docker")
    row "$count containers listed and judged" "$(ms "$seconds") ms" "$([[ $count == 500 ]] && echo 1000 ms || echo -)" "$(peak "$OPS" health -c "$work/crowd.yaml" --no-history --only docker) MiB"
    dismiss
    rm -f "$work/engine.sock"
  done
}

playbook_lines
plugin_lines
row what health peer result
row --- --- --- ---
against_slowest_probe
against_peers
memory
crowds
