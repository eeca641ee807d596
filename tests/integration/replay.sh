#!/usr/bin/env bash
# `health --record` and `--replay` on the demo gallery: a recorded look is judged again, elsewhere
# and without any server, to the byte, and holds no secret. Needs the variables that
# `scripts/demo-gallery env` prints, and GALLERY_OPS_PROGRAM.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/expect.sh
. "$ROOT/tests/support/expect.sh"
gallery=$ROOT/scripts/demo-gallery

# same WHAT FILE FILE: not one byte differs.
same() {
  asserted=$((asserted + 1))
  cmp -s "$2" "$3" || { diff "$2" "$3" > "$work/out" || true; fail "$1"; }
}

# Runs a command in another folder and zone, with no variable of this gallery but the terminal's
# character set, beside a configuration
# that would be refused, without a network and with an empty /proc.
elsewhere() {
  local root=()
  [[ $(id -u) == 0 ]] || root=(sudo -n)
  mkdir -p "$work/elsewhere/gallery-ops"
  printf 'nonsense: [\n' > "$work/elsewhere/gallery-ops/config.yaml"
  (cd "$work/elsewhere" && "${root[@]}" env -i PATH="$PATH" LANG="${LANG-}" LC_ALL="${LC_ALL-}" LC_CTYPE="${LC_CTYPE-}" TZ=Pacific/Chatham DOCKER_HOST=unix:///nowhere.sock \
    XDG_CONFIG_HOME="$work/elsewhere" XDG_STATE_HOME="$work/elsewhere" HOME="$work/elsewhere" \
    unshare -n -m --propagation private sh -c 'mount -t tmpfs tmpfs /proc && exec "$@"' _ "$@")
}

# recorded_as NAME OPTION...: records a look and replays it; both say the same.
recorded_as() {
  local name=$1 code=0 again=0
  shift
  "$OPS" health --record "$work/$name" -o json="$work/$name.json" -o markdown="$work/$name.md" -o text "$@" \
    > "$work/$name.text" 2> "$work/err" || code=$?
  ((code <= 3)) || fail "recording ended with $code"
  elsewhere "$OPS" health --replay "$work/$name" -o json="$work/again.json" -o markdown="$work/again.md" -o text "$@" \
    > "$work/again.text" 2> "$work/err" || again=$?
  [[ $code == "$again" ]] || fail "the replay ended with $again, the look with $code"
  same "$name: the JSON differs" "$work/$name.json" "$work/again.json"
  same "$name: the text differs" "$work/$name.text" "$work/again.text"
  same "$name: the Markdown differs" "$work/$name.md" "$work/again.md"
  [[ $(find "$work/elsewhere" -type f) == "$work/elsewhere/gallery-ops/config.yaml" ]] || fail "the replay wrote something"
}

says_the_same_when_well() {
  recorded_as well
  recorded_as verbose -v
  recorded_as narrow --only postgres,redis
  [[ $(stat -c %a "$work/well") == 700 ]] || fail "others can read the recording"
}

says_the_same_in_trouble() {
  trap '"$gallery" trouble off > /dev/null; rm -rf "$work"' EXIT
  "$gallery" trouble stopped-service postgres > /dev/null
  recorded_as trouble --timeout 2s
  cp "$work/trouble.json" "$work/out"
  expect "postgres is the cause, in the replay too" \
    '[.findings[] | select(.component == "api" and .verdict == "critical") | .caused_by[0]] | index("health.docker.postgres") and all(. == "health.docker.postgres" or startswith("health.http.api") or startswith("health.docker.api"))'
  "$gallery" trouble off > /dev/null
  run 0 "$OPS" health --wait 60s --only docker -q
}

says_the_same_without_an_engine() {
  DOCKER_HOST=unix:///nowhere.sock GALLERY_OPS_CONFIG='' recorded_as no-engine --timeout 1s
  cp "$work/no-engine.json" "$work/out"
  expect "the Engine's error is kept" '.findings[] | select(.id | startswith("health.docker-engine.")) | .verdict == "critical"'
}

tells_no_secret() {
  local name value count=0
  while IFS='=' read -r name value; do
    [[ $name == *PASSWORD* || $name == *SECRET* || $name == *TOKEN* || $name == *KEY* ]] || continue
    count=$((count + 1))
    ! grep -rqF -- "$value" "$work/well" "$work/trouble" || fail "a recording holds $name"
  done < "$(dirname "$GALLERY_COMPOSE_FILE")/.env"
  asserted=$((asserted + count))
  ((count >= 2)) || fail "the gallery has no secret to look for"
}

refuses_what_it_must() {
  run 64 "$OPS" health --record "$work/well"
  run 64 "$OPS" health --replay "$work/nowhere"
  run 64 "$OPS" health --replay "$work/well" --record "$work/new"
  run 64 "$OPS" health --replay "$work/well" --wait 5s
  [[ ! -e $work/new ]] || fail "a refused run left something"
  cp -r "$work/well" "$work/cut"
  head -c 1000 "$work/well/observations.json" > "$work/cut/observations.json"
  run 78 "$OPS" health --replay "$work/cut"
  cp -r "$work/well" "$work/edited"
  sed -i '0,/"state"/s//"stat"/' "$work/edited/observations.json"
  run 78 "$OPS" health --replay "$work/edited"
  grep -q "no field 'stat'; did you mean 'state'" "$work/err" || fail "it does not say what is wrong"
}

run 0 "$OPS" health --wait 90s --skip host-cpu,container-cpu -q
says_the_same_when_well
says_the_same_in_trouble
says_the_same_without_an_engine
tells_no_secret
refuses_what_it_must
passed
