#!/usr/bin/env bash
# The table of causes. Services of the demo gallery are stopped, paused, killed for memory and cut
# off the network, one at a time and two at a time. In every look from the first moment on `health`
# may name no other service as a cause, and within the patience it must name each of these.
#
# usage: causes.sh [--singles | --pairs | --sample] [FAULT…]     default: --sample, every fault
#        causes.sh --case SERVICE FAULT [SERVICE FAULT]…
#
#   --singles  every service with every fault
#   --pairs    every pair of services; with one FAULT both have it, else the faults take turns
#   --sample   a few of both
#   --case     one, or several one after the other, parted by a comma of its own
#   FIRST=N    leaves out the first N - 1 pairs
#
# Needs root (a service is cut off inside its network namespace), and the variables that
# `scripts/demo-gallery env` prints.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
PATH=$PATH:/usr/sbin:/sbin

FAULTS=(stopped paused killed cut)
PATIENCE=45
declare -A ids=()
services=()

find_services() {
  local id name
  while read -r id name; do
    ids[$name]=$id
    services+=("$name")
  done < <(docker ps -q --filter "label=com.docker.compose.project=$GALLERY_NAME" |
    xargs docker inspect --format '{{.ID}} {{index .Config.Labels "com.docker.compose.service"}}' | sort -k2)
}

pid_of() { docker inspect --format '{{.State.Pid}}' "${ids[$1]}"; }

# A table of its own in the container's namespace, so that taking it away restores everything.
cut_off() {
  nsenter -t "$(pid_of "$1")" -n nft -f - << 'RULES'
table inet gallery_test_cut {
  chain in  { type filter hook input priority -300; policy drop; iif lo accept; }
  chain out { type filter hook output priority -300; policy drop; oif lo accept; }
}
RULES
}

# The memory control group of a process: of version 1, else of version 2.
memory_group() {
  local path
  path=$(awk -F: '$2 ~ /(^|,)memory(,|$)/ { print "/sys/fs/cgroup/memory" $3 }' "/proc/$1/cgroup")
  [[ -n $path ]] || path=$(awk -F: '$1 == 0 { print "/sys/fs/cgroup" $3 }' "/proc/$1/cgroup")
  echo "$path"
}

# A guest in the service's control group takes all memory there is, and the kernel is made to prefer
# the service's first process. No restart: it shall stay as it fell.
kill_for_memory() {
  local id=${ids[$1]} pid guest
  pid=$(pid_of "$1")
  docker update --restart no "$id" > /dev/null
  echo 1000 > "/proc/$pid/oom_score_adj"
  bash -c 'echo $$ > "$1/cgroup.procs" && exec python3 -c "
b = []
while True: b.append(bytearray(1 << 22))"' _ "$(memory_group "$pid")" > /dev/null 2>&1 &
  guest=$!
  disown
  eventually 30 "the end of $1" fell "$id"
  kill -KILL "$guest" 2> /dev/null || true
}

fell() { [[ $(docker inspect --format '{{.State.OOMKilled}} {{.State.Running}}' "$1") == "true false" ]]; }

inject() {
  case $2 in
    stopped) docker stop -t 2 "${ids[$1]}" > /dev/null ;;
    paused) docker pause "${ids[$1]}" > /dev/null ;;
    killed) kill_for_memory "$1" ;;
    cut) cut_off "$1" ;;
  esac
}

restore() {
  local id=${ids[$1]}
  case $2 in
    stopped) docker start "$id" > /dev/null ;;
    paused) docker unpause "$id" > /dev/null ;;
    killed) docker update --restart unless-stopped "$id" > /dev/null && docker start "$id" > /dev/null ;;
    cut) nsenter -t "$(pid_of "$1")" -n nft delete table inet gallery_test_cut ;;
  esac
}

# What `health` names as causes now: the services behind the problems that follow from no other.
causes_now() {
  "$OPS" health --timeout 3s --skip host-cpu,container-cpu -o json > "$work/out" 2> "$work/err" || true
  jq -r '[.findings[] | select(.verdict == "critical" or .verdict == "warning") | select((.caused_by // []) | length == 0) | .component] | unique | join(" ")' "$work/out"
}

# named SERVICE…: whether exactly these are named. Fails when another one is.
named() {
  local wanted=" $* " found name missing=0
  found=$(causes_now)
  for name in $found; do
    [[ $wanted == *" $name "* ]] || { trouble="names $name"; return 2; }
  done
  for name in "$@"; do
    [[ " $found " == *" $name "* ]] || { trouble="does not name $name"; missing=1; }
  done
  return $missing
}

# Once all are named they must stay named while the consequences come in.
judge() {
  local until=$((SECONDS + PATIENCE)) settled=0 code
  trouble=
  while ((settled < 3)); do
    code=0
    named "$@" || code=$?
    case $code in
      0) settled=$((settled + 1)) ;;
      1) settled=0 ;;
      2) return 1 ;;
    esac
    ((SECONDS < until || settled == 3)) || return 1
    sleep 1.5
  done
}

well() {
  "$OPS" health --timeout 3s --skip host-cpu,container-cpu -q > "$work/out" 2> "$work/err" < /dev/null
}

# Alerts look back for a while: one may still come of the last case when all else is well. And where
# Prometheus was away, the next case may rest on access logs, which hold the last one's errors.
well_for_good() {
  well && sleep "$AFTERWARDS" && well
}

passes=0
failures=()

# case_of SERVICE FAULT [SERVICE FAULT]
case_of() {
  local what="$1 $2${3:+, $3 $4}"
  inject "$1" "$2"
  [[ $# == 2 ]] || inject "$3" "$4"
  if judge "$1" ${3:+"$3"}; then
    passes=$((passes + 1))
  else
    failures+=("$what: $trouble")
    printf 'FAILED %s: %s\n' "$what" "$trouble" >&2
    jq -c '.findings[] | select(.verdict == "critical" or .verdict == "warning") | [.id, .component, .message, .caused_by]' "$work/out" >&2
  fi
  restore "$1" "$2"
  [[ $# == 2 ]] || restore "$3" "$4"
  AFTERWARDS=6
  [[ $what != *prometheus* ]] || AFTERWARDS=21
  eventually 330 "being well again after $what" well_for_good
  printf '%4d s  %s\n' "$SECONDS" "$what"
}

singles() {
  local fault service
  for fault in "$@"; do
    for service in "${services[@]}"; do
      case_of "$service" "$fault"
    done
  done
}

pairs() {
  local i j turn=0 count=$#
  local -a faults=("$@")
  for ((i = 0; i < ${#services[@]}; i++)); do
    for ((j = i + 1; j < ${#services[@]}; j++)); do
      ((turn + 1 < ${FIRST:-1})) ||
        case_of "${services[i]}" "${faults[turn % count]}" "${services[j]}" "${faults[(turn / count + turn) % count]}"
      turn=$((turn + 1))
    done
  done
}

sample() {
  case_of blackbox-exporter stopped
  case_of redis killed nginx paused
  case_of postgres cut api cut
}

# named_cases SERVICE FAULT [SERVICE FAULT] [, …]
named_cases() {
  local -a one=()
  local word
  for word in "$@" ','; do
    [[ $word == ',' ]] || { one+=("$word"); continue; }
    case_of "${one[@]}"
    one=()
  done
}

what=--sample
case ${1:-} in --singles | --pairs | --sample | --case) what=$1 && shift ;; esac
(($# > 0)) || set -- "${FAULTS[@]}"
find_services
eventually 120 "a gallery that is well" well
case $what in
  --singles) singles "$@" ;;
  --pairs) pairs "$@" ;;
  --sample) sample ;;
  --case) named_cases "$@" ;;
esac
printf '%d of %d cases right\n' "$passes" $((passes + ${#failures[@]}))
((${#failures[@]} == 0)) || fail "${failures[*]}"
asserted=$((asserted + passes))
passed
