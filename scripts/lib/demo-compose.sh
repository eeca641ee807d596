# shellcheck shell=bash
# docker-compose 1.29 and 2.x, and what the bed looks like in the engine.
# Needs say.sh, demo-bed.sh, demo-engine.sh.

COMPOSE=()

compose_find() {
  if docker compose version > /dev/null 2>&1; then
    COMPOSE=(docker compose)
  elif command -v docker-compose > /dev/null; then
    COMPOSE=(docker-compose)
  else
    return 1
  fi
}

# compose ARGUMENT...: for this bed, whatever the caller's environment says.
compose() {
  local name strange=(-u COMPOSE_FILE -u COMPOSE_PROFILES)
  # docker-compose would take a variable of the environment before the bed's own.
  while IFS='=' read -r name _; do
    strange+=(-u "$name")
  done < "$BED/.env"
  env "${strange[@]}" COMPOSE_PROJECT_NAME="$GALLERY_NAME" COMPOSE_HTTP_TIMEOUT=120 \
    "${COMPOSE[@]}" --project-directory "$BED" --env-file "$BED/.env" -f "$BED/docker-compose.yml" "$@"
}

compose_up() {
  step "starting the services"
  compose up -d --remove-orphans > "$BED/up.log" 2>&1 < /dev/null || {
    tail -n 15 "$BED/up.log" >&2
    compose_show_failed
    die 1 "docker-compose up failed"
  }
}

# A project of the same name that is somebody else's must not be touched.
compose_refuse_stranger() {
  local stranger
  stranger=$(docker ps -a --filter "label=com.docker.compose.project=$GALLERY_NAME" \
    --format '{{.Label "gallery-ops.demo.bed"}} {{.Names}}' | awk -v bed="$BED_ID" '$1 != bed { print $NF; exit }')
  [[ -z $stranger ]] ||
    die 1 "the engine already has a compose project '$GALLERY_NAME' (container $stranger); choose another GALLERY_NAME"
}

# One line a container: SERVICE STATE HEALTH EXIT-CODE ID
compose_table() {
  docker ps -aq --filter "label=gallery-ops.demo.bed=$BED_ID" | xargs -r docker inspect --format \
    '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}-{{end}} {{.State.ExitCode}} {{.ID}}'
}

container_of() { compose_table | awk -v service="$1" '$1 == service { print $5; exit }'; }

# What is not as it should be, one line each; nothing for a healthy bed.
compose_faults() {
  local table service state health code
  table=$(compose_table)
  for service in "${GALLERY_SERVICES[@]}"; do
    read -r _ state health code _ < <(grep "^$service " <<< "$table" || echo "$service missing - 0 -") || true
    if [[ $state != running ]]; then
      echo "$service is $state"
    elif [[ $health != healthy && $health != - ]]; then
      echo "$service is $health"
    fi
  done
  for service in "${GALLERY_ONE_SHOTS[@]}"; do
    read -r _ state health code _ < <(grep "^$service " <<< "$table" || echo "$service missing - 0 -") || true
    if [[ $state != exited || $code != 0 ]]; then
      echo "$service is $state with exit code $code"
    fi
  done
}

prometheus_get() {
  curl -fsS -m 5 "http://127.0.0.1:${GALLERY_PORTS[PROMETHEUS]}/api/v1/$1"
}

monitoring_faults() {
  local targets alerts
  if ! targets=$(prometheus_get targets 2> /dev/null) || ! alerts=$(prometheus_get alerts 2> /dev/null); then
    echo "prometheus does not answer"
    return
  fi
  jq -r '.data.activeTargets[] | select(.health != "up") | "target \(.labels.service) (\(.labels.job)) is \(.health)"' <<< "$targets"
  jq -r '.data.alerts[] | "alert \(.labels.alertname) for \(.labels.service) is \(.state)"' <<< "$alerts"
}

faults() {
  compose_faults
  monitoring_faults
}

compose_wait() {
  local deadline=$((SECONDS + 180)) found
  while true; do
    found=$(faults)
    if [[ -z $found ]]; then
      return
    fi
    if ((SECONDS > deadline)); then
      printf '%s\n' "$found" >&2
      compose_show_failed
      die 1 "the gallery did not become healthy"
    fi
    step "waiting: $(head -n 1 <<< "$found")"
    sleep 0.5
  done
}

compose_show_failed() {
  local service state health code id
  while read -r service state health code id; do
    if [[ $health == unhealthy || $state == restarting || ($state == exited && $code != 0) ]]; then
      warn "the end of $service's log, and its health check's last words:"
      docker logs --tail 10 "$id" >&2 2>&1 || true
      docker inspect --format '{{with .State.Health}}{{range .Log}}{{.ExitCode}} {{.Output}}{{end}}{{end}}' "$id" |
        tail -n 3 >&2 || true
    fi
  done < <(compose_table)
}

# Containers, networks and volumes of this bed, on whichever engine.
compose_remove() {
  local filter=label=gallery-ops.demo.bed=$BED_ID
  docker ps -aq --filter "$filter" | xargs -r docker rm -f -v > /dev/null 2>&1 || true
  docker network ls -q --filter "$filter" | xargs -r docker network rm > /dev/null 2>&1 || true
  docker volume ls -q --filter "$filter" | xargs -r docker volume rm -f > /dev/null 2>&1 || true
}
