#!/usr/bin/env bash
# The log review as a user meets it: the containers of the demo gallery, files, standard input.
# Needs GALLERY_OPS_PROGRAM and the variables that `scripts/demo-gallery env` prints.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"

conserved='[.details[] | select(.id == "lines") | .rows[] | .[2] == .[3] + .[4] + .[5]] | length > 0 and all'

# Every container is read, and every line of it.
reads_every_container() {
  local until since
  since=$(date -u -d '-30 seconds' +%Y-%m-%dT%H:%M:%SZ)
  until=$(date -u -d '-2 seconds' +%Y-%m-%dT%H:%M:%SZ)
  "$OPS" logs --since "$since" --until "$until" --top 10000 -o json > "$work/out" || (($? < 3)) || fail "logs ended with $?"
  expect "every line is counted" "$conserved"
  local service id
  for service in nginx api; do
    id=$(docker ps -q --filter "label=com.docker.compose.project=$GALLERY_NAME" --filter "label=com.docker.compose.service=$service")
    expect "the lines of $service are those of docker logs" --argjson lines "$(docker logs --since "$since" --until "$until" "$id" 2>&1 | wc -l)" \
      --arg service "$service" \
      '[.details[] | select(.id == "lines") | .rows[] | select(.[1] == $service) | .[3] + .[4]] | add | . >= $lines - 2 and . <= $lines + 2'
    expect "$service speaks in a known form" --arg service "$service" \
      '[.details[] | select(.id == "lines") | .rows[] | select(.[1] == $service) | .[4]] | add == 0'
  done
  expect "requests are counted" '.findings[] | select(.id == "logs.requests.nginx") | .message | test("of [0-9]+ request")'
}

narrows_to_a_service() {
  "$OPS" logs --service api --tail 20 -o json > "$work/out" || (($? < 3)) || fail "logs ended with $?"
  expect "only that service is read" '[.details[] | select(.id == "lines") | .rows[:-1][] | .[1] == "api"] | all'
  expect "and only the newest lines" '[.details[] | select(.id == "lines") | .rows[-1][2]] | add <= 40'
  run 64 "$OPS" logs --only erors
  run 64 "$OPS" logs --service apo --tail 1
  grep -q "did you mean 'api'" "$work/err" || fail "no near name: $(cat "$work/err")"
  asserted=$((asserted + 1))
}

reads_files() {
  local file=$work/access.log
  printf '192.0.2.7 - - [01/Feb/2026:10:00:%02d +0000] "GET /art/%d HTTP/1.1" 200 1 "-" "x"\n' 1 1 2 2 3 3 > "$file"
  printf '192.0.2.7 - - [01/Feb/2026:09:00:0%d +0000] "POST /mint HTTP/1.1" 500 1 "-" "x"\n' 1 2 3 | gzip > "$file.1.gz"
  run 2 "$OPS" logs "$work/access.log*" --assignments "$work/lines.csv" -o json
  expect "rotated files are one log" '[.details[] | select(.id == "lines") | .rows[0][2]] == [6]'
  expect "failures are told by endpoint" '.findings[] | select(.id == "logs.requests.access POST /mint") | .verdict == "critical"'
  [[ $(wc -l < "$work/lines.csv") == 7 ]] || fail "not a row a line: $(cat "$work/lines.csv")"
  # shellcheck disable=SC2016 # for the inner shell
  run 0 bash -c '"$1" logs - -o json < "$2"' _ "$OPS" "$file"
  expect "standard input is read" '[.details[] | select(.id == "lines") | .rows[0][2]] == [3]'
  run 64 "$OPS" logs "$work/none*"
  head -c 40 "$file.1.gz" > "$work/torn.log"
  run 3 "$OPS" logs "$work/torn.log" -o json
  expect "a torn file is unknown" --arg file "$work/torn.log" \
    '.findings[] | select(.id == "logs.read." + $file) | .verdict == "unknown"'
}

# A journald of the test's own, in its own /run, takes what programs log; its journal is kept.
# shellcheck disable=SC2016 # the inner shell expands
make_journal() {
  local root=()
  [[ $(id -u) == 0 ]] || root=(sudo -n)
  mkdir -p "$work/journal"
  "${root[@]}" unshare --mount --propagation private sh -c '
    set -eu
    mount -t tmpfs tmpfs /run
    mkdir -p /run/systemd/journal /run/systemd/journald.conf.d /run/log/journal
    echo 0123456789abcdef0123456789abcdef > /run/machine-id
    [ -e /etc/machine-id ] || : > /etc/machine-id
    mount --bind /run/machine-id /etc/machine-id
    printf "[Journal]\nStorage=volatile\nAudit=no\nReadKMsg=no\n" > /run/systemd/journald.conf.d/test.conf
    /lib/systemd/systemd-journald > /run/errors 2>&1 & journald=$!
    tries=100
    until [ -S /run/systemd/journal/dev-log ]; do
      tries=$((tries - 1)); [ $tries -gt 0 ] || { cat /run/errors >&2; exit 1; }
      sleep 0.1
    done
    for i in $(seq 12); do
      logger -u /run/systemd/journal/dev-log -t sshd -p auth.info "Failed password for root from 203.0.113.9 port 22 ssh2"
    done
    echo "the mint queue is gone" | systemd-cat -t mint -p err
    logger -u /run/systemd/journal/dev-log -t painter -p daemon.err "$(printf "cannot paint\n  no canvas")"
    kill -USR1 $journald; sleep 1; kill $journald; wait $journald || true
    cp -r /run/log/journal/. "$1"; chown -R "$2" "$1"' sh "$work/journal" "$(id -u)"
}

reads_the_journal() {
  make_journal
  run 1 "$OPS" logs --source journald "$work/journal" -o json
  expect "every line is counted" "$conserved"
  expect "who tries passwords is named" '[.details[] | select(.id == "addresses") | .rows[][0]] == ["203.0.113.9"]'
  expect "a level of the journal counts" '.findings[] | select(.id == "logs.errors.mint") | .verdict == "warning"'
  expect "an entry of two lines is one error" '[.details[] | select(.id == "templates") | .rows[] | select(.[4] == "painter") | .[1]] == [1]'
  expect "entries are of a known form" '[.details[] | select(.id == "lines") | .rows[] | .[4]] | add == 0'
  run 0 "$OPS" logs --source journald "$work/journal" --service sshd --only errors -o json
  run 64 "$OPS" logs --source journald "$work/journal" --service shd
  grep -q "did you mean 'sshd'" "$work/err" || fail "no near name"
  run 3 "$OPS" logs --source journald "$work/nowhere" -o json
  expect "a journal that is not there is unknown" '.findings[] | select(.id == "logs.read.journal") | .verdict == "unknown"'
  mkdir "$work/empty"
  run 3 "$OPS" logs --source journald "$work/empty" -o json
  follow --source journald --since 1h "$work/journal"
  has_followed "the mint queue is gone" || fail "the journal is not followed"
  follow_ends
  find "$work/journal" -name '*.journal' -exec dd if=/dev/zero of={} bs=4096 seek=2 count=1 conv=notrunc status=none \;
  local code=0
  "$OPS" logs --source journald "$work/journal" -o json > "$work/out" 2> "$work/err" || code=$?
  ((code <= 3)) || fail "a damaged journal ends with $code"
  run 3 env PATH=/nowhere "$GALLERY_OPS_PROGRAM" logs --source journald --no-history -o json
  grep -q 'no journalctl' "$work/out" || fail "a machine without journalctl"
  run 64 "$OPS" logs --source file
  run 64 "$OPS" logs --source docker "$work/journal"
}

# visits N REQUEST AGENT ADDRESS: lines of an access log of today.
visits() {
  local i now
  now=$(date -u +%d/%b/%Y:%H:%M:%S)
  for ((i = 0; i < $1; i++)); do
    printf '%s - - [%s +0000] "%s" 200 512 "-" "%s"\n' "$4" "$now" "$2" "$3"
  done
}

names_who_attacks() {
  {
    visits 25 'GET /art?id=1%27%20or%201=1--&from=203.0.113.9 HTTP/1.1' Mozilla/5.0 198.51.100.7
    visits 200 'GET /art/7 HTTP/1.1' Mozilla/5.0 192.0.2.10
  } > "$work/site.log"
  run 1 "$OPS" logs "$work/site.log" -o json
  expect "the attacker alone is listed" '[.details[] | select(.id == "addresses") | .rows[][0]] == ["198.51.100.7"]'
  run 0 "$OPS" logs "$work/site.log" --block-list plain
  [[ $(grep -v '^#' "$work/out") == "198.51.100.7 # web attack: 25 × SQL injection" ]] || fail "the list is another"
  run 0 "$OPS" logs "$work/site.log" --block-list nft
  says 'elements = { 198.51.100.7 timeout 24h }'
  printf 'logs: {allow: [198.51.100.0/24]}\n' > "$work/allow.yaml"
  run 0 "$OPS" -c "$work/allow.yaml" logs "$work/site.log" -o json
  expect "an allowed address is never listed" '[.details[] | select(.id == "addresses") | .rows[]] == []'
}

# hours_of_log MESSAGE: one line an hour of the last 30.
hours_of_log() {
  local hour
  for ((hour = 30; hour > 0; hour--)); do
    printf '%s INFO x: %s\n' "$(date -u -d "-$hour hours" +%Y-%m-%dT%H:%M:%SZ)" "$1"
  done
}

remembers_kinds() {
  local id
  hours_of_log "the night guard makes a round" > "$work/app.log"
  run 0 "$OPS" logs "$work/app.log" -o json
  expect "nothing is new at first" '.findings[] | select(.id == "logs.new.kinds") | .verdict == "skipped"'
  printf '%s ERROR x: the vault is open\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> "$work/app.log"
  run 1 "$OPS" logs "$work/app.log" --new -o json
  expect "a new kind of error is told" '.findings[] | select(.id == "logs.new.kinds") | .verdict == "warning"'
  expect "and listed alone" '[.details[] | select(.id == "templates") | .rows[][7]] == ["the vault is open"]'
  id=$(jq -r '.details[] | select(.id == "templates") | .rows[0][0]' "$work/out")
  run 64 "$OPS" logs "$work/app.log" --ack T0000000 --until 7d
  run 64 "$OPS" logs "$work/app.log" --ack "$id"
  run 0 "$OPS" logs "$work/app.log" --ack "$id" --until 7d -q
  run 0 "$OPS" logs "$work/app.log" -o json
  expect "what is acknowledged is no finding" '.findings[] | select(.id == "logs.errors.app") | .verdict == "ok"'
  run 0 "$OPS" history runs -o json
  expect "the runs are remembered" '[.details[0].rows[]] | length >= 4'
}

own=followed-$$ # the project of the test's own containers

end_what_is_left() {
  [[ ! -s $work/follower ]] || kill "$(cat "$work/follower")" 2> /dev/null || true
  docker rm -f "$own-door" "$own-lamp" > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap end_what_is_left EXIT

# follow ARGUMENT...: runs `logs --follow` beside what follows; its process in `follower`, its report of
# the last look in followed.json.
follow() {
  rm -f "$work/followed.json"
  "$OPS" logs --follow -o ndjson -o json="$work/followed.json" "$@" > "$work/changes" 2> "$work/err" < /dev/null &
  follower=$!
  echo "$follower" > "$work/follower"
  eventually 20 "a first look" test -e "$work/followed.json"
}

follow_ends() {
  local code=0
  kill -INT "$follower"
  wait "$follower" || code=$?
  rm -f "$work/follower"
  [[ $code == 130 ]] || fail "told to stop, it ended with $code: $(cat "$work/err")"
}

# The last look has a line that says WORDS.
has_followed() {
  jq -e --arg words "$1" '[.details[] | select(.id == "templates") | .rows[][8] | strings | contains($words)] | any' "$work/followed.json" > /dev/null
}

follows_a_file() {
  local file=$work/follow.log i
  printf '%s INFO x: the doors open\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" > "$file"
  follow "$file"
  for i in 1 2 3; do
    printf '%s ERROR x: a frame fell down\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> "$file"
  done
  eventually 20 "what is appended" has_followed "a frame fell down"
  mv "$file" "$file.1"
  printf '%s ERROR x: the lights went out\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" > "$file"
  eventually 20 "what came after the rotation" has_followed "the lights went out"
  has_followed "a frame fell down" || fail "what was before the rotation is forgotten"
  follow_ends
  cp "$work/followed.json" "$work/out"
  expect "no line is read twice" '[.details[] | select(.id == "lines") | .rows[0][2]] == [5]'
  cp "$work/changes" "$work/out"
  says '"change":"new"'
  run 64 "$OPS" logs --follow --until 1h "$file"
  run 64 "$OPS" logs --follow --service apo
}

# shellcheck disable=SC2016 # for the inner shell
follows_input_to_its_end() {
  run 1 bash -c '(echo "ERROR one"; sleep 1; echo "ERROR two") | "$1" logs --follow -o json="$2" -' _ "$OPS" "$work/followed.json"
  cp "$work/followed.json" "$work/out"
  expect "all of it was read" '[.details[] | select(.id == "lines") | .rows[0][2]] == [2]'
}

# one_of SERVICE COMMAND...: starts a container of a project of the test's own.
one_of() {
  docker run -d --init --label "com.docker.compose.project=$own" --label "com.docker.compose.service=$1" \
    --label com.docker.compose.container-number=1 --name "$own-$1" "$image" sh -c "$2"
}

follows_containers() {
  local image id
  image=$(docker inspect -f '{{.Config.Image}}' "$(docker ps -q --filter "label=com.docker.compose.project=$GALLERY_NAME" | head -n 1)")
  one_of door 'echo "ERROR the door is open"; sleep 600' > "$work/id"
  (
    unset GALLERY_OPS_CONFIG
    export COMPOSE_PROJECT_NAME=$own
    cd "$work"
    follow --since 1m
    has_followed "the door is open" || fail "what was logged before is not there"
    id=$(one_of lamp 'echo "ERROR the lamp is broken"; sleep 2')
    eventually 20 "a container that came up later" has_followed "the lamp is broken"
    docker wait "$id" > "$work/code"
    docker start "$id" > "$work/id"
    eventually 20 "its second start" followed_twice
    follow_ends
  )
  asserted=$((asserted + 4))
}

followed_twice() {
  jq -e '[.details[] | select(.id == "templates") | .rows[] | select(.[8] | strings | contains("the lamp is broken")) | .[1]] == [2]' "$work/followed.json" > /dev/null
}

reads_every_container
narrows_to_a_service
reads_files
reads_the_journal
names_who_attacks
remembers_kinds
follows_a_file
follows_input_to_its_end
follows_containers
passed
