#!/usr/bin/env bash
# `health` on a real swarm of two Engines of this test's own: what a manager tells, what a worker
# can't, a node that is drained or gone, and a host that stops answering beside one that goes on.
# Needs root, dockerd, docker, ip and busybox-static, and GALLERY_OPS_PROGRAM.
set -euo pipefail
[[ $(id -u) == 0 ]] || exec sudo -n --preserve-env=GALLERY_OPS_PROGRAM,TMPDIR "$0"
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
# shellcheck source=tests/support/engines.sh
. "$ROOT/tests/support/engines.sh"

engines_begin
trap 'engines_end; rm -rf "$work"' EXIT

STACK='
version: "3.8"
services:
  api: {image: "box:1", command: [sleep, "3600"], networks: [host], stop_grace_period: 1s, deploy: {replicas: 2}}
  agent: {image: "box:1", command: [sleep, "3600"], networks: [host], stop_grace_period: 1s, deploy: {mode: global}}
  worker:
    image: "box:1"
    command: [sh, -c, "echo the queue is gone >&2; exit 3"]
    networks: [host]
    deploy: {restart_policy: {condition: any, delay: 500ms}}
  picky: {image: "box:1", networks: [host], deploy: {placement: {constraints: ["node.labels.gpu == yes"]}}}
networks:
  host: {external: true, name: host}
'

# config FILE ENGINE...: a configuration that names these Engines.
config() {
  local file=$1 name
  shift
  printf 'project: gallery\ndocker:\n  hosts:\n' > "$file"
  for name in "$@"; do
    printf '    - {name: %s, url: "unix://%s"}\n' "$name" "$(engine_socket "$name")" >> "$file"
  done
}

form_the_swarm() {
  engine_start one
  engine_start two
  engine_image one box:1
  engine_image two box:1
  on one swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 > /dev/null
  on two swarm join --advertise-addr 127.0.0.2 --listen-addr 127.0.0.2:2377 \
    --token "$(on one swarm join-token -q worker)" 127.0.0.1:2377 > /dev/null
  on one stack deploy --resolve-image never -c - gallery <<< "$STACK" > /dev/null 2>&1
  config "$work/both.yaml" one two
  config "$work/worker.yaml" two
}

# health CONFIG OPTION...: a look without the host, whose load is not ours; any code.
health() {
  local file=$1
  shift
  "$OPS" health -c "$file" --skip host -o json "$@" > "$work/out" 2> "$work/err" || true
}

settled() {
  health "$work/both.yaml"
  jq -e '[.findings[] | select(.id == "health.swarm-service.api" or .id == "health.swarm-service.agent") | .verdict] == ["ok", "ok"]
    and ([.findings[] | select(.id == "health.swarm-task.worker") | .verdict] == ["warning"])' "$work/out" > /dev/null
}

a_manager_tells_all() {
  eventually 60 "the stack" settled
  expect "the replicas are counted over both nodes" '.findings[] | select(.id == "health.swarm-service.api") | .measured.value == 2'
  expect "a global service is wanted on each node" '.findings[] | select(.id == "health.swarm-service.agent") | .message | test("2 of 2 nodes")'
  expect "a task without a place says why" '.findings[] | select(.id == "health.swarm-service.picky") | .message | test("no suitable node")'
  expect "failed tasks are the evidence" '.findings[] | select(.id == "health.swarm-task.worker") | .evidence[0].text | test("non-zero exit .3.")'
  expect "the containers on each node are judged" '[.findings[] | select(.id == "health.docker.agent@one" or .id == "health.docker.agent@two") | .verdict] == ["ok", "ok"]'
  expect "a worker whose manager is asked is well" '.findings[] | select(.id == "health.swarm.two") | .verdict == "ok"'
  expect "both nodes are ready" '[.findings[] | select(.id | startswith("health.swarm-node.")) | .verdict] == ["ok", "ok"]'
  expect "no compose file is missed" '[.notes[]? | select(test("compose file"))] == []'
}

a_worker_says_that_it_can_not_know() {
  run 3 "$OPS" health -c "$work/worker.yaml" --only swarm -o json
  expect "it is unknown, with the reason" '.findings[] | select(.id == "health.swarm.two") | .verdict == "unknown" and (.message | test("only a manager"))'
}

a_replay_says_the_same() {
  "$OPS" health -c "$work/both.yaml" --record "$work/look" -o json > "$work/recorded" 2> "$work/err" || true
  "$OPS" health --replay "$work/look" -o json > "$work/out" 2>> "$work/err" || true
  cmp -s "$work/recorded" "$work/out" || fail "the replay differs"
}

# The hung host costs its own answer, and no more than the time-out.
a_hung_host_hides_no_other() {
  local began took
  engine_signal two STOP
  began=$(date +%s%N)
  health "$work/both.yaml" --timeout 2s
  took=$((($(date +%s%N) - began) / 1000000))
  engine_signal two CONT
  ((took < 8000)) || fail "it took $took ms with a time-out of 2 s"
  expect "the hung host is critical" '.findings[] | select(.id == "health.docker-engine.two") | .verdict == "critical" and (.message | test("no answer"))'
  expect "the other is told in full" '[.findings[] | select(.id == "health.docker-engine.one" or .id == "health.docker.agent@one" or .id == "health.swarm-service.agent") | .verdict] == ["ok", "ok", "ok"]'
}

drained() {
  health "$work/both.yaml"
  jq -e '[.findings[] | select(.id | startswith("health.swarm-node.")) | .verdict] | sort == ["ok", "warning"]' "$work/out" > /dev/null &&
    jq -e '.findings[] | select(.id == "health.swarm-service.agent") | .message | test("1 of 1")' "$work/out" > /dev/null
}

a_drained_node_is_a_warning() {
  local node
  node=$(on two info --format '{{.Swarm.NodeID}}')
  on one node update --availability drain "$node" > /dev/null
  eventually 60 "the drained node" drained
  expect "what it stopped is no fault" '[.findings[] | select(.id | startswith("health.docker.agent@two")) | select(.verdict == "critical")] == []'
  on one node update --availability active "$node" > /dev/null
}

gone() {
  health "$work/both.yaml" --timeout 2s
  jq -e '[.findings[] | select(.id | startswith("health.swarm-node.")) | .verdict] | sort == ["critical", "ok"]' "$work/out" > /dev/null
}

a_node_that_is_gone_is_critical() {
  engine_stop two
  eventually 90 "the lost node" gone
  expect "its Engine is critical" '.findings[] | select(.id == "health.docker-engine.two") | .verdict == "critical"'
  expect "the manager still tells the services" '.findings[] | select(.id == "health.swarm-service.api") | .verdict == "ok" or .verdict == "warning"'
}

form_the_swarm
a_manager_tells_all
a_worker_says_that_it_can_not_know
a_replay_says_the_same
a_hung_host_hides_no_other
a_drained_node_is_a_warning
a_node_that_is_gone_is_critical
passed
