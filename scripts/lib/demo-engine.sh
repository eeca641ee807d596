# shellcheck shell=bash
# The Docker engine under the bed: one that is there, or a private one.
# Needs say.sh, packages.sh, demo-bed.sh.
#
# The private engine leaves the host's network alone: no docker0, no firewall
# rules, no forwarding. Containers reach each other over their bridge, and
# docker-proxy serves the published ports. Everything that the engine starts
# inherits GALLERY_DEMO_ENGINE in its environment, and its containers live
# under one cgroup: by these two they are found after any kind of end.

ENGINE_KIND=
ENGINE_HOST=

engine_paths() {
  ENGINE_DIR=$BED/engine
  ENGINE_RUN=$ENGINE_DIR
  # Sockets have short names: at most 107 bytes, of which the engine needs 40.
  if ((${#ENGINE_DIR} > 64)); then
    ENGINE_RUN=/run/gallery-ops-demo-$BED_ID
  fi
  ENGINE_SOCKET=$ENGINE_RUN/docker.sock
}

engine_answers() {
  timeout 10 docker -H "$1" version --format '{{.Server.Version}}' > /dev/null 2>&1
}

# The address of the engine that the docker client would use by itself.
engine_default() {
  local host
  host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2> /dev/null) || host=unix:///var/run/docker.sock
  echo "${host:-unix:///var/run/docker.sock}"
}

# Whether an engine answers this user as things are.
engine_at_hand() {
  command -v docker > /dev/null && engine_answers "${ENGINE_HOST:-${DOCKER_HOST:-$(engine_default)}}"
}

# engine_find: sets ENGINE_KIND and ENGINE_HOST; the bed's own choice comes first.
engine_find() {
  engine_paths
  if [[ -n $ENGINE_KIND ]]; then
    [[ $ENGINE_KIND == private ]] || engine_answers "$ENGINE_HOST" ||
      die 4 "the engine that this bed was put on ($ENGINE_HOST) does not answer"
    return
  fi
  if [[ -n ${DOCKER_HOST:-} && $DOCKER_HOST != "unix://$ENGINE_SOCKET" ]]; then
    engine_answers "$DOCKER_HOST" || die 4 "no Docker engine answers at DOCKER_HOST ($DOCKER_HOST)"
    ENGINE_KIND=shared ENGINE_HOST=$DOCKER_HOST
    return
  fi
  ENGINE_HOST=$(unset DOCKER_HOST && engine_default)
  if [[ $ENGINE_HOST != "unix://$ENGINE_SOCKET" ]] && engine_answers "$ENGINE_HOST"; then
    ENGINE_KIND=shared
    return
  fi
  ENGINE_KIND=private ENGINE_HOST=unix://$ENGINE_SOCKET
}

engine_running() {
  local pid
  pid=$(engine_pid) && "${as_root[@]}" grep -qzsxF "GALLERY_DEMO_ENGINE=$BED" "/proc/$pid/environ"
}

engine_pid() {
  local pid
  pid=$(cat "$ENGINE_RUN/docker.pid" 2> /dev/null) && [[ -n $pid && -d /proc/$pid ]] && echo "$pid"
}

engine_start() {
  local pid deadline
  if engine_running && engine_answers "$ENGINE_HOST"; then
    return
  fi
  command -v dockerd > /dev/null || die 4 "no Docker engine answers, and dockerd is not installed"
  # What a killed engine left would keep the new one from starting.
  engine_sweep
  engine_write_settings
  step "starting a private Docker engine"
  local own_root=()
  ! in_chroot || own_root=("$ROOT/scripts/lib/own-root")
  # The lock is not for the engine: it would be held until the bed is gone.
  "${as_root[@]}" env GALLERY_DEMO_ENGINE="$BED" setsid "${own_root[@]}" dockerd --config-file "$ENGINE_DIR/daemon.json" \
    --group "$(id -gn)" > "$ENGINE_DIR/log" 2>&1 < /dev/null {BED_LOCK}>&- &
  pid=$!
  deadline=$((SECONDS + 60))
  until engine_answers "$ENGINE_HOST"; do
    # A signal would not tell: sudo, which may stand between, need take none from its user.
    if [[ ! -d /proc/$pid ]] || ((SECONDS > deadline)); then
      engine_sweep
      die 4 "a private Docker engine cannot run here: $(engine_reason)"
    fi
    sleep 0.2
  done
  disown "$pid"
}

# Whether / is not the root of its mount namespace, which nsenter shows.
in_chroot() {
  local outer
  outer=$("${as_root[@]}" nsenter --mount=/proc/self/ns/mnt -- stat -Lc %d:%i / 2> /dev/null) || return 1
  [[ $outer != "$(stat -Lc %d:%i /)" ]]
}

engine_write_settings() {
  mkdir -p "$ENGINE_DIR"
  "${as_root[@]}" mkdir -p "$ENGINE_RUN"
  cat > "$ENGINE_DIR/daemon.json" << SETTINGS
{
  "hosts": ["$ENGINE_HOST"],
  "data-root": "$ENGINE_DIR/data",
  "exec-root": "$ENGINE_RUN/exec",
  "pidfile": "$ENGINE_RUN/docker.pid",
  "bridge": "none",
  "iptables": false,
  "ip-forward": false,
  "ip-masq": false,
  "cgroup-parent": "/$BED_CGROUP",
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "log-level": "warn",
  "shutdown-timeout": 5
}
SETTINGS
}

engine_reason() {
  local reason
  reason=$(sed -n 's/^failed to start daemon: //p' "$ENGINE_DIR/log" | tail -n 1)
  echo "${reason:-$(tail -n 1 "$ENGINE_DIR/log")}"
}

# Processes of the private engine: those that carry its mark, and those in its cgroup.
engine_processes() {
  {
    "${as_root[@]}" grep -lzsxF "GALLERY_DEMO_ENGINE=$BED" /proc/[0-9]*/environ 2> /dev/null |
      sed 's|^/proc/\([0-9]*\)/environ$|\1|' || true
    "${as_root[@]}" find /sys/fs/cgroup -path "*/$BED_CGROUP/*" -name cgroup.procs -exec cat {} + 2> /dev/null || true
  } | sort -un | grep -vxF -e "$$" -e 0 || true
}

# Where something of the bed is mounted, the innermost first. The kernel writes blanks and
# backslashes of a path in octal.
engine_mounts() {
  BED=$BED/ RUN=/run/gallery-ops-demo-$BED_ID awk '{
      gsub(/\\040/, " ", $5)
      gsub(/\\011/, "\t", $5)
      gsub(/\\134/, "\\", $5)
      if (index($5, ENVIRON["BED"]) == 1 || index($5, ENVIRON["RUN"]) == 1) print length($5), $5
    }' /proc/self/mountinfo | sort -rn | cut -d' ' -f2-
}

engine_cgroups() {
  find /sys/fs/cgroup -type d \( -path "*/$BED_CGROUP" -o -path "*/$BED_CGROUP/*" \) 2> /dev/null | sort -r
}

# Takes back all that a private engine is or leaves, whichever way it ended.
# Nothing in it is worth a slow stop.
engine_sweep() {
  local round pids mount folder
  for ((round = 0; round < 20; round++)); do
    pids=$(engine_processes)
    [[ -n $pids ]] || break
    # shellcheck disable=SC2086
    "${as_root[@]}" kill -KILL $pids 2> /dev/null || true
    sleep 0.1
  done
  while IFS= read -r mount; do
    "${as_root[@]}" umount -l "$mount" 2> /dev/null || true
  done < <(engine_mounts)
  engine_remove_cgroups
  if [[ -d /sys/class/net/$BED_BRIDGE ]]; then
    engine_remove_bridge
  fi
  "${as_root[@]}" rm -rf "$ENGINE_RUN/docker.pid" "$ENGINE_RUN/docker.sock" "$ENGINE_RUN/exec"
}

# A cgroup can go once the last of its processes is reaped.
engine_remove_cgroups() {
  local round folder
  for ((round = 0; round < 20; round++)); do
    while read -r folder; do
      "${as_root[@]}" rmdir "$folder" 2> /dev/null || true
    done < <(engine_cgroups)
    [[ -n $(engine_cgroups) ]] || return 0
    sleep 0.1
  done
}

engine_remove_bridge() {
  local end
  for end in /sys/class/net/"$BED_BRIDGE"/brif/*; do
    if [[ -e $end ]]; then
      "${as_root[@]}" ip link delete "${end##*/}" 2> /dev/null || true
    fi
  done
  "${as_root[@]}" ip link delete "$BED_BRIDGE" 2> /dev/null || true
}
