# shellcheck shell=bash
# The bed: its name, its folders, its ports, secrets and configuration.
# Needs say.sh; expects GALLERY_FILES (tests/gallery).

GALLERY_SERVICES=(frontend gan-service api nginx postgres redis ipfs ethereum traffic
  prometheus alertmanager node-exporter postgres-exporter redis-exporter blackbox-exporter)
GALLERY_ONE_SHOTS=(migrate publish)

# Published ports: what the gallery's operators are used to.
declare -A GALLERY_USUAL_PORTS=(
  [FRONTEND]=3000 [GAN_SERVICE]=8000 [API]=8080 [NGINX]=8443 [POSTGRES]=5432 [REDIS]=6379
  [IPFS]=5001 [IPFS_GATEWAY]=8081 [ETHEREUM]=8545 [PROMETHEUS]=9090 [ALERTMANAGER]=9093)
declare -A GALLERY_PORTS=()

bed_init() {
  GALLERY_NAME=${GALLERY_NAME:-gallery}
  [[ $GALLERY_NAME =~ ^[a-z0-9][a-z0-9_-]{0,30}$ ]] ||
    die 64 "GALLERY_NAME '$GALLERY_NAME' is not a project name: use a-z, 0-9, - and _, at most 31"
  umask 022
  BEDS=${XDG_STATE_HOME:-$HOME/.local/state}/gallery-ops/demo
  BED=$BEDS/$GALLERY_NAME
  CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/gallery-ops/demo
  BED_ID=$(printf '%s' "$BED" | sha256sum | cut -c1-8)
  BED_BRIDGE=gal-$BED_ID
  BED_CGROUP=gallery-ops-demo-$BED_ID
  BED_REPOSITORY=gallery-ops-demo/$GALLERY_NAME-$BED_ID
  BED_SCRATCH=$(bed_scratch_root)/gallery-ops-demo-$BED_ID
}

# Memory where there is plenty that programs may be run from, else the usual place.
bed_scratch_root() {
  local free
  if mountpoint -q /dev/shm && ! findmnt -no OPTIONS /dev/shm | grep -qw noexec; then
    free=$(df --output=avail -k /dev/shm | tail -n 1)
    if ((free > 4000000)) && (($(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) > 6000000)); then
      echo /dev/shm
      return
    fi
  fi
  echo "${TMPDIR:-/var/tmp}"
}

bed_exists() { [[ -s $BED/bed.env ]]; }

bed_make_folders() {
  mkdir -p "$BED"
  chmod 700 "$BED"
  mkdir -p "$BED"/{secrets,tls,troubles,engine}
  chmod 700 "$BED/secrets"
}

# One command at a time on a bed; another ends with 75. The lock's file is gone with the bed, so the
# file is looked at again once the lock is had.
bed_lock() {
  local lock=$BEDS/.$GALLERY_NAME.lock
  mkdir -p "$BEDS"
  while true; do
    exec {BED_LOCK}> "$lock"
    flock -n "$BED_LOCK" || die 75 "another command works on the bed '$GALLERY_NAME'; try again when it is done"
    if [[ $lock -ef /proc/self/fd/$BED_LOCK ]]; then
      return
    fi
    exec {BED_LOCK}>&-
  done
}

bed_forget_lock() {
  rm -f "$BEDS/.$GALLERY_NAME.lock"
}

# bed.env holds what must outlive this command: NAME=VALUE lines, our own.
bed_load() {
  local name value
  while IFS='=' read -r name value; do
    case $name in
      ENGINE_KIND) ENGINE_KIND=$value ;;
      ENGINE_HOST) ENGINE_HOST=$value ;;
      PORT_*) GALLERY_PORTS[${name#PORT_}]=$value ;;
    esac
  done < "$BED/bed.env"
}

bed_save() {
  local name
  {
    printf 'ENGINE_KIND=%s\nENGINE_HOST=%s\n' "$ENGINE_KIND" "$ENGINE_HOST"
    for name in "${!GALLERY_PORTS[@]}"; do
      printf 'PORT_%s=%s\n' "$name" "${GALLERY_PORTS[$name]}"
    done | sort
  } > "$BED/bed.env.new"
  mv "$BED/bed.env.new" "$BED/bed.env"
}

port_busy() {
  local hex
  printf -v hex ':%04X' "$1"
  awk -v port="$hex" 'FNR > 1 && $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2> /dev/null
}

# Ports that other beds have taken, running or not.
ports_of_others() {
  local file
  for file in "$BEDS"/*/bed.env; do
    if [[ $file != "$BED/bed.env" && -f $file ]]; then
      sed -n 's/^PORT_[A-Z_]*=//p' "$file"
    fi
  done
}

free_port() {
  local taken=$1 port tries
  for ((tries = 0; tries < 2000; tries++)); do
    port=$((20000 + RANDOM % 10000))
    if [[ $taken != *" $port "* ]] && ! port_busy "$port"; then
      echo "$port"
      return
    fi
  done
  die 1 "no free port between 20000 and 29999"
}

bed_choose_ports() {
  local name port taken
  ((${#GALLERY_PORTS[@]} == 0)) || return 0
  taken=" $(ports_of_others | tr '\n' ' ')"
  for name in "${!GALLERY_USUAL_PORTS[@]}"; do
    port=${GALLERY_USUAL_PORTS[$name]}
    if [[ $taken == *" $port "* ]] || port_busy "$port"; then
      port=$(free_port "$taken")
    fi
    GALLERY_PORTS[$name]=$port
    taken+="$port "
  done
}

bed_make_secrets() {
  local name
  for name in postgres redis; do
    if [[ ! -s $BED/secrets/$name.password ]]; then
      (umask 077 && openssl rand -hex 16 > "$BED/secrets/$name.password")
    fi
  done
}

# A CA of the bed's own and a certificate for the proxy, good for 90 days.
bed_make_tls() {
  local tls=$BED/tls
  if [[ -s $tls/server.pem ]] && openssl x509 -in "$tls/server.pem" -noout -checkend $((61 * 86400)) > /dev/null; then
    return
  fi
  (
    umask 077
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -keyout "$tls/ca.key" \
      -out "$tls/ca.pem" -subj "/CN=Demo gallery $GALLERY_NAME CA" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tls/server.key" \
      -out "$tls/server.csr" -subj /CN=localhost
    openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 90 \
      -out "$tls/server.pem" -extfile <(printf '%s\n' subjectAltName=DNS:localhost,DNS:nginx,IP:127.0.0.1 \
        basicConstraints=CA:FALSE extendedKeyUsage=serverAuth keyUsage=digitalSignature)
    rm -f "$tls/server.csr" "$tls/ca.key" "$tls/ca.srl"
    chmod 644 "$tls/ca.pem" "$tls/server.pem"
  ) 2> "$BED/tls.log" || die 1 "making the certificate failed: $(tail -n 1 "$BED/tls.log")"
  rm -f "$BED/tls.log"
}

# What fills in the compose file.
bed_write_compose() {
  local name
  (
    umask 077
    {
      printf 'COMPOSE_PROJECT_NAME=%s\n' "$GALLERY_NAME"
      printf 'GALLERY_IMAGE=%s\n' "$GALLERY_IMAGE"
      printf 'GALLERY_BED=%s\n' "$BED_ID"
      printf 'GALLERY_BRIDGE=%s\n' "$BED_BRIDGE"
      printf 'POSTGRES_USER=gallery\nPOSTGRES_DB=gallery\n'
      printf 'POSTGRES_PASSWORD=%s\n' "$(< "$BED/secrets/postgres.password")"
      printf 'REDIS_PASSWORD=%s\n' "$(< "$BED/secrets/redis.password")"
      for name in "${!GALLERY_PORTS[@]}"; do
        printf 'GALLERY_PORT_%s=%s\n' "$name" "${GALLERY_PORTS[$name]}"
      done | sort
    } > "$BED/.env"
  )
  cp "$GALLERY_FILES/docker-compose.yml" "$BED/docker-compose.yml"
}

# bed_write_config CID CONTRACT-ADDRESS
bed_write_config() {
  local -n p=GALLERY_PORTS
  (
    umask 077
    cat > "$BED/config.yaml" << CONFIG
project: $GALLERY_NAME
docker:
  hosts: ["$ENGINE_HOST"]
  compose_file: $BED/docker-compose.yml
endpoints:
  - {name: frontend, url: "http://127.0.0.1:${p[FRONTEND]}/health", service: frontend}
  - {name: gan-service, url: "http://127.0.0.1:${p[GAN_SERVICE]}/health", service: gan-service}
  - {name: api, url: "http://127.0.0.1:${p[API]}/health", service: api}
  - {name: proxy, url: "https://localhost:${p[NGINX]}/health", service: nginx, ca_file: $BED/tls/ca.pem}
postgres:
  - name: database
    dsn: "host=127.0.0.1 port=${p[POSTGRES]} user=gallery dbname=gallery"
    password: "file:$BED/secrets/postgres.password"
    service: postgres
redis:
  - {name: redis, url: "redis://127.0.0.1:${p[REDIS]}", password: "file:$BED/secrets/redis.password", service: redis}
ipfs:
  - {name: ipfs, api: "http://127.0.0.1:${p[IPFS]}", gateway: "http://127.0.0.1:${p[IPFS_GATEWAY]}", cid: "$1", service: ipfs}
prometheus: {url: "http://127.0.0.1:${p[PROMETHEUS]}", service: prometheus, window: 20s}
alertmanager: {url: "http://127.0.0.1:${p[ALERTMANAGER]}", service: alertmanager}
ethereum:
  rpc: "http://127.0.0.1:${p[ETHEREUM]}"
  chain_id: 31337
  contracts:
    - {name: gallery, address: "$2"}
  service: ethereum
CONFIG
  )
}
