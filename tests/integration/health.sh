#!/usr/bin/env bash
# `health` and `config` as a user types them, on the demo gallery. Needs the variables that
# `scripts/demo-gallery env` prints, and GALLERY_OPS_PROGRAM.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"

container_of() {
  docker ps -aq --filter "label=com.docker.compose.project=$GALLERY_NAME" --filter "label=com.docker.compose.service=$1"
}

# The machine that runs the tests is busy with them: its CPU is judged, but not expected to be idle.
BUSY=(--skip "host-cpu,container-cpu")

# A gallery that has just started has made no picture yet, whose time could be judged.
has_made_a_picture() {
  "$OPS" health --only gan-generation -o json 2> "$work/err" | jq -e '.findings | length > 0' > "$work/out"
}

healthy_in_every_line() {
  eventually 60 "a first picture" has_made_a_picture
  run 0 "$OPS" health --wait 3m "${BUSY[@]}" -o json
  expect "all is well" '.verdict == "ok" and .summary.critical + .summary.warning + .summary.unknown == 0'
  expect "the one-shot is completed" '[.details[] | select(.id == "services") | .rows[] | select(.[0] == "migrate")][0] | .[2] == "completed" and .[6] == "ok"'
  local family
  for family in docker http http-latency certificate error-rate postgres postgres-connections redis redis-memory ipfs \
    ipfs-content ethereum ethereum-head contract prometheus scrape rules alertmanager host-memory disk inodes \
    container-memory gan-generation; do
    expect "$family is judged" "[.findings[] | select(.id | startswith(\"health.$family.\"))] | length > 0"
  done
  expect "the content was held against its CID" '[.findings[] | select(.id | startswith("health.ipfs-content.")) | .message | test("equal to the CID")] | all'
}

cpu_is_judged_over_a_window() {
  "$OPS" health --only host-cpu,container-cpu -o json > "$work/out" || true
  expect "the host's CPU says its window" '.findings[] | select(.id == "health.host-cpu.host") | .message | test("over [0-9.]+ (ms|s)")'
  expect "so does every container's" '[.findings[] | select(.id | startswith("health.container-cpu.")) | .message | test("over [0-9.]+ (ms|s)")] | length > 5 and all'
}

every_check_explains_itself() {
  local id
  while read -r id; do
    run 0 "$OPS" health --explain "$id"
    says threshold
  done < <("$OPS" health -o json | jq -r '.findings[].id' | sed 's/^\([a-z]*\.[a-z-]*\)\..*/\1/' | sort -u)
  run 64 "$OPS" health --explain health.postgers
}

works_without_configuration() {
  (
    cd "$work"
    unset GALLERY_OPS_CONFIG
    export COMPOSE_PROJECT_NAME=$GALLERY_NAME XDG_CONFIG_HOME=$work
    # Requests are judged over five minutes then: those that failed while the gallery started have
    # to be further back.
    run 0 "$OPS" health --wait 6m "${BUSY[@]}" -o json
    local service
    for service in postgres redis ipfs ethereum prometheus alertmanager; do
      expect "$service was discovered" "[.findings[] | select(.id | startswith(\"health.$service.\"))] | length == 1"
    done
    for service in frontend gan-service api; do
      expect "$service has an endpoint" "[.findings[] | select(.id | startswith(\"health.http.\")) | select(.component == \"$service\")] | length == 1"
    done
    run 0 "$OPS" config init "$work/made.yaml"
    run 0 "$OPS" config show
    says '# discovered'
  )
}

tells_no_secret() {
  local secret
  for secret in $(docker inspect "$(container_of api)" --format '{{range .Config.Env}}{{println .}}{{end}}' | sed -nE 's/.*:([^:@/]{8,})@.*/\1/p' | sort -u); do
    run 0 "$OPS" health --wait 3m "${BUSY[@]}" -v
    silent_about "$secret"
    run 0 "$OPS" health --wait 3m "${BUSY[@]}" -o json
    silent_about "$secret"
    run 0 "$OPS" config show
    silent_about "$secret"
  done
}

# A real node exporter serves the file's metrics and reports no error in it.
textfile_collector_reads() {
  docker exec -i "$(container_of node-exporter)" sh -c '
    dir=$(mktemp -d) && cat > "$dir/gallery.prom"
    prometheus-node-exporter --collector.disable-defaults --collector.textfile --collector.textfile.directory="$dir" \
      --web.listen-address=127.0.0.1:9199 2> /dev/null & pid=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do curl -fsS -m 2 http://127.0.0.1:9199/metrics 2> /dev/null && break; sleep 0.3; done
    kill $pid; rm -rf "$dir"' < "$1" > "$work/out" 2> "$work/err"
  says 'node_textfile_scrape_error 0'
  says 'gallery_ops_verdict'
}

writes_every_format() {
  run 0 "$OPS" health --wait 3m "${BUSY[@]}" -o prom="$work/gallery.prom" -o junit="$work/gallery.xml" -o markdown="$work/gallery.md" -o ndjson="$work/gallery.ndjson"
  "${PROMTOOL:-promtool}" check metrics < "$work/gallery.prom" > "$work/out" 2>&1 || fail "promtool does not accept the metrics"
  textfile_collector_reads "$work/gallery.prom"
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/gallery.xml" || fail "the JUnit file is no XML"
  jq -e . "$work/gallery.ndjson" > /dev/null || fail "the NDJSON file is no JSON"
  run 0 "$OPS" health --wait 3m "${BUSY[@]}" -o nagios
  [[ $(wc -l < "$work/out") == 1 ]] || fail "Nagios wants one line"
}

is_healthy() {
  [[ $(docker inspect "$(container_of "$1")" --format '{{.State.Health.Status}}') == healthy ]]
}

names_the_cause() {
  docker stop -t 2 "$(container_of postgres)" > /dev/null
  eventually 30 "the api's trouble" bash -c "! curl -fsS -m 2 http://127.0.0.1:$GALLERY_PORT_API/health > /dev/null 2>&1"
  run 2 "$OPS" health --timeout 2s -o json
  expect "postgres is the cause" '.findings[] | select(.id == "health.docker.postgres") | .verdict == "critical" and (.caused_by // [] | length == 0)'
  expect "it has an owner, a clock and a next step" '.findings[] | select(.id == "health.docker.postgres") | (.owner != "") and (.escalation | test("15 min|by ")) and (.remediation | test("up -d postgres"))'
  local service
  for service in api gan-service; do
    expect "$service is a consequence" "[.findings[] | select(.component == \"$service\" and .verdict == \"critical\")] | length > 0 and all(.caused_by | length > 0)"
  done
  expect "the only root cause is postgres" '[.findings[] | select(.verdict == "critical" and (.caused_by // [] | length == 0)) | .id] == ["health.docker.postgres"]'
  expect "the healthy are still reported right" '.findings[] | select(.id == "health.redis.redis") | .verdict == "ok"'
  run 2 "$OPS" health --timeout 2s
  says 'docker-compose up -d postgres'
  [[ $(wc -l < "$work/out") -le 45 ]] || fail "it does not fit one screen"
  docker start "$(container_of postgres)" > /dev/null
  eventually 30 "Postgres' return" is_healthy postgres
}

keeps_the_deadline() {
  local pid began took
  pid=$(docker inspect "$(container_of redis)" --format '{{.State.Pid}}')
  kill -STOP "$pid"
  began=$(date +%s%N)
  run 2 "$OPS" health --timeout 1s --deadline 2s --only redis -o json
  took=$((($(date +%s%N) - began) / 1000000))
  kill -CONT "$pid"
  ((took < 2600)) || fail "it took $took ms with a deadline of 2 s"
  expect "the frozen server is critical" '.findings[] | select(.id == "health.redis.redis") | .verdict == "critical"'
}

stops_when_asked() {
  local pid code=0 began took
  kill -STOP "$(docker inspect "$(container_of redis)" --format '{{.State.Pid}}')"
  "$OPS" health --timeout 20s -o json > "$work/out" 2> "$work/err" < /dev/null &
  pid=$!
  sleep 1
  began=$(date +%s%N)
  kill -TERM "$pid"
  wait "$pid" || code=$?
  took=$((($(date +%s%N) - began) / 1000000))
  kill -CONT "$(docker inspect "$(container_of redis)" --format '{{.State.Pid}}')"
  [[ $code == 130 ]] || fail "interrupted, it ended with $code"
  ((took < 800)) || fail "it took $took ms to stop"
  expect "the findings so far are written" '.interrupted == true and ([.findings[] | select(.verdict == "ok")] | length > 5)'
}

healthy_in_every_line
cpu_is_judged_over_a_window
every_check_explains_itself
works_without_configuration
tells_no_secret
writes_every_format
keeps_the_deadline
stops_when_asked
names_the_cause # last: the gallery recovers from it while the next tests run
passed
