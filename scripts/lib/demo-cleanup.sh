# shellcheck shell=bash
# Taking a bed back, and looking whether anything of it is left.
# Needs the other demo-*.sh.

# What an earlier command left, whichever way it ended; fine when there is nothing.
cleanup_bed() {
  engine_paths
  find_root || as_root=()
  if [[ $ENGINE_KIND == shared ]]; then
    engine_answers "$ENGINE_HOST" || die 4 "the engine that this bed is on ($ENGINE_HOST) does not answer: start it, then run down again"
    export DOCKER_HOST=$ENGINE_HOST
    compose_remove
    image_remove
  fi
  engine_sweep
  cleanup_folder "$BED"
  "${as_root[@]}" rm -rf "$BED_SCRATCH" "/run/gallery-ops-demo-$BED_ID"
}

# Many files at a time: where the disk is told of each freed one, a removal mostly waits.
cleanup_folder() {
  [[ -d $1 ]] || return 0
  "${as_root[@]}" find "$1" -xdev -type f -print0 | "${as_root[@]}" xargs -0 -r -n 100 -P 16 rm -f
  "${as_root[@]}" rm -rf "$1"
}

# Everything of this bed that is still there, one line each.
cleanup_leftovers() {
  local path
  for path in "$BED" "$BED_SCRATCH" "/run/gallery-ops-demo-$BED_ID" "/sys/class/net/$BED_BRIDGE"; do
    [[ ! -e $path ]] || echo "path $path"
  done
  engine_processes | sed 's/^/process /'
  engine_mounts | sed 's/^/mount /'
  engine_cgroups | sed 's/^/cgroup /'
  if [[ $ENGINE_KIND == shared ]]; then
    cleanup_leftovers_in_engine
  fi
}

cleanup_leftovers_in_engine() {
  local filter=label=gallery-ops.demo.bed=$BED_ID
  DOCKER_HOST=$ENGINE_HOST docker ps -aq --filter "$filter" | sed 's/^/container /'
  DOCKER_HOST=$ENGINE_HOST docker network ls -q --filter "$filter" | sed 's/^/network /'
  DOCKER_HOST=$ENGINE_HOST docker volume ls -q --filter "$filter" | sed 's/^/volume /'
  DOCKER_HOST=$ENGINE_HOST docker images -q "$BED_REPOSITORY" | sed 's/^/image /'
}
