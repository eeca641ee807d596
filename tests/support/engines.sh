# shellcheck shell=bash
# Docker Engines of a test's own. They leave the host's network alone: no bridge, no firewall rules,
# no forwarding; their containers use the host's network. Needs expect.sh and ROOT.

declare -A ENGINE_PIDS=()

# engines_begin: says why when no Engine can be started here.
engines_begin() {
  local tool
  [[ $(id -u) == 0 ]] || fail "starting Docker Engines needs root"
  for tool in dockerd docker busybox; do
    command -v "$tool" > /dev/null || fail "$tool is not installed"
  done
  # A swarm makes this bridge, and leaves it when it ends.
  ENGINE_BRIDGE_WAS_THERE=$([[ -d /sys/class/net/docker_gwbridge ]] && echo yes || echo no)
}

# Whether / is not the root of its mount namespace, which an Engine wants it to be.
engines_in_chroot() {
  local outer
  outer=$(nsenter --mount=/proc/self/ns/mnt -- stat -Lc %d:%i / 2> /dev/null) || return 1
  [[ $outer != "$(stat -Lc %d:%i /)" ]]
}

engine_socket() { echo "$work/engine/$1/docker.sock"; }

# on ENGINE COMMAND...: runs a docker command there.
on() {
  local name=$1
  shift
  timeout 60 docker -H "unix://$(engine_socket "$name")" "$@"
}

# engine_start NAME [TCP-ADDRESS]: with an address it also listens there, over TLS only, and lets in
# whoever has a certificate of $work/tls/ca.pem (`engine_certificates` makes them).
engine_start() {
  local name=$1 folder=$work/engine/$1 until=$((SECONDS + 60)) tcp='' tls=''
  mkdir -p "$folder"
  if [[ -n ${2:-} ]]; then
    tcp=", \"tcp://$2\""
    tls="\"tlsverify\": true, \"tlscacert\": \"$work/tls/ca.pem\", \"tlscert\": \"$work/tls/server.pem\",
  \"tlskey\": \"$work/tls/server.key\","
  fi
  cat > "$folder/daemon.json" << SETTINGS
{
  $tls
  "hosts": ["unix://$folder/docker.sock"$tcp], "data-root": "$folder/data", "exec-root": "$folder/exec",
  "pidfile": "$folder/pid", "bridge": "none", "iptables": false, "ip-forward": false, "ip-masq": false,
  "exec-opts": ["native.cgroupdriver=cgroupfs"], "cgroup-parent": "/gallery-ops-test-$$-$name",
  "log-level": "warn", "shutdown-timeout": 5
}
SETTINGS
  local own_root=()
  ! engines_in_chroot || own_root=("$ROOT/scripts/lib/own-root")
  setsid "${own_root[@]}" dockerd --config-file "$folder/daemon.json" > "$folder/log" 2>&1 < /dev/null &
  ENGINE_PIDS[$name]=$!
  disown
  until on "$name" version > /dev/null 2>&1; do
    if ! kill -0 "${ENGINE_PIDS[$name]}" 2> /dev/null || ((SECONDS > until)); then
      fail "a Docker Engine can't run here: $(tail -n 1 "$folder/log")"
    fi
    sleep 0.3
  done
}

# engine_certificates: a CA, a server's certificate for 127.0.0.1, a client's, and a stranger's.
engine_certificates() {
  local folder=$work/tls name
  mkdir -p "$folder"
  for name in ca stranger-ca; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -keyout "$folder/$name.key" \
      -out "$folder/$name.pem" 2> /dev/null
  done
  engine_certificate server ca 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n'
  engine_certificate client ca 'extendedKeyUsage=clientAuth\n'
  engine_certificate stranger stranger-ca 'extendedKeyUsage=clientAuth\n'
}

# engine_certificate NAME CA EXTENSIONS
engine_certificate() {
  local folder=$work/tls
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$folder/$1.key" -out "$folder/$1.csr" 2> /dev/null
  openssl x509 -req -in "$folder/$1.csr" -CA "$folder/$2.pem" -CAkey "$folder/$2.key" -CAcreateserial \
    -days 2 -extfile <(printf '%b' "$3") -out "$folder/$1.pem" 2> /dev/null
}

# engine_image ENGINE TAG: an image of busybox alone.
engine_image() {
  local root=$work/engine/root name
  if [[ ! -d $root ]]; then
    mkdir -p "$root/bin" "$root/tmp"
    cp "$(command -v busybox)" "$root/bin/busybox"
    for name in sh sleep true false httpd; do ln -s busybox "$root/bin/$name"; done
  fi
  tar -C "$root" -c . | on "$1" import - "$2" > /dev/null
}

engine_signal() { kill "-$2" "${ENGINE_PIDS[$1]}"; }

# engine_stop ENGINE: stops it with its containers.
engine_stop() {
  local name=$1 pid=${ENGINE_PIDS[$1]:-} i
  [[ -n $pid ]] || return 0
  kill -CONT "$pid" 2> /dev/null || true
  kill -TERM "$pid" 2> /dev/null || true
  for ((i = 0; i < 150; i++)); do
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2> /dev/null || true
  unset "ENGINE_PIDS[$name]"
}

# engines_end: stops all of them and takes back what they leave behind.
engines_end() {
  local name mount folder
  for name in "${!ENGINE_PIDS[@]}"; do
    on "$name" swarm leave --force > /dev/null 2>&1 || true
    engine_stop "$name"
  done
  while read -r mount; do
    umount "$mount" 2> /dev/null || umount -l "$mount" 2> /dev/null || true
  done < <(awk -v root="$work/" 'index($2, root) == 1 {print $2}' /proc/mounts | sort -r)
  [[ $ENGINE_BRIDGE_WAS_THERE == yes ]] || ip link delete docker_gwbridge 2> /dev/null || true
  for folder in /sys/fs/cgroup/*/gallery-ops-test-$$-* /sys/fs/cgroup/gallery-ops-test-$$-*; do
    [[ ! -d $folder ]] || find "$folder" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
}
