# shellcheck shell=bash
# Troubles that can be switched on. A trouble is a file of its name in the
# bed's folder `troubles`, which the services read; stopped-service also stops
# the container whose name the file holds.
# Needs say.sh, demo-bed.sh, demo-compose.sh.

TROUBLES=(5xx-burst slow-generation credential-stuffing rate-limit-storm memory-leak failing-mints stopped-service)
declare -A TROUBLE_WORDS=(
  [5xx-burst]='api answers 500 to 40 % of the catalogue requests (GalleryErrorShare)'
  [slow-generation]='each generation takes three seconds more (GallerySlowGeneration)'
  [credential-stuffing]='logins with stolen pairs from many addresses (GalleryLoginFailures)'
  [rate-limit-storm]='one client asks until it is refused with 429 (GalleryRateLimiting)'
  [memory-leak]='gan-service grows to 92 % of its memory limit (GalleryMemoryHigh)'
  [failing-mints]='mints are reverted by the contract (GalleryMintFailures)'
  [stopped-service]='a service is stopped, postgres unless named (GalleryServiceDown)')

trouble_known() { [[ -n ${TROUBLE_WORDS[${1:-none}]:-} ]]; }

trouble_active() { [[ -e $BED/troubles/$1 ]]; }

trouble_list() {
  local name
  for name in "${TROUBLES[@]}"; do
    printf '%-20s %-4s %s\n' "$name" "$(trouble_active "$name" && echo on || echo off)" "${TROUBLE_WORDS[$name]}"
  done
}

trouble_on() {
  local name=$1 service=${2:-postgres}
  if [[ $name == stopped-service ]]; then
    trouble_stop_service "$service"
  else
    : > "$BED/troubles/$name"
  fi
}

trouble_off() {
  local name=$1 service
  trouble_active "$name" || return 0
  if [[ $name == stopped-service ]]; then
    while read -r service; do
      trouble_start_service "$service"
    done < "$BED/troubles/$name"
  fi
  rm -f "$BED/troubles/$name"
}

trouble_all_off() {
  local name
  for name in "${TROUBLES[@]}"; do
    trouble_off "$name"
  done
}

trouble_stop_service() {
  local id
  [[ " ${GALLERY_SERVICES[*]} " == *" $1 "* ]] || die 64 "no service '$1'; there are: ${GALLERY_SERVICES[*]}"
  id=$(container_of "$1")
  [[ -n $id ]] || die 1 "$1 has no container; run '${0##*/} up'"
  # Written first: whatever happens next, `off` knows what to start.
  if ! grep -qx "$1" "$BED/troubles/stopped-service" 2> /dev/null; then
    echo "$1" >> "$BED/troubles/stopped-service"
  fi
  docker stop -t 5 "$id" > /dev/null
}

trouble_start_service() {
  local id
  id=$(container_of "$1")
  if [[ -n $id ]]; then
    docker start "$id" > /dev/null
  fi
}

command_trouble() {
  local name=${1:-list} what=${2:-}
  (($# <= 2)) || die 64 "trouble takes a name and 'off' or a service"
  open_bed
  case $name in
    list) trouble_list ;;
    off) trouble_all_off ;;
    *)
      trouble_known "$name" || die 64 "no trouble '$name'; 'trouble list' shows them"
      if [[ $what == off ]]; then
        trouble_off "$name"
      elif [[ -n $what && $name != stopped-service ]]; then
        die 64 "$name takes nothing but 'off'"
      else
        trouble_on "$name" "$what"
      fi
      ;;
  esac
}
