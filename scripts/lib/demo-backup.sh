# shellcheck shell=bash
# A backup tree of the running bed, named as the gallery's backups are.
# Needs say.sh, demo-bed.sh, demo-compose.sh.

command_backup() {
  (($# <= 1)) || die 64 "backup takes one folder"
  open_bed
  local folder=${1:-backups} stamp
  stamp=$(date -u +%Y%m%d-%H%M%S)
  mkdir -p "$folder"/{database,redis,art-files,configs,contracts,app-state}
  folder=$(cd "$folder" && pwd)
  BACKUP_WORK=$(mktemp -d "$folder/.work-XXXXXX")
  trap 'rm -rf "$BACKUP_WORK"' EXIT
  step "backing up the database"
  backup_database "$folder/database" "$stamp"
  step "backing up Redis"
  backup_redis "$folder" "$stamp"
  step "backing up the artworks"
  backup_art "$folder/art-files" "$stamp"
  step "backing up configuration, contract and state"
  backup_configs "$folder/configs" "$stamp"
  backup_contract "$folder/contracts" "$stamp"
  backup_state "$folder/app-state" "$stamp"
  steps_end
  echo "$folder"
}

# backup_into FILE COMMAND...: the file is there only when the command succeeded.
backup_into() {
  local file=$1
  shift
  "$@" > "$file.partial" || die 1 "backup failed: ${file##*/}"
  mv "$file.partial" "$file"
}

# in_service SERVICE SCRIPT [ARGUMENT...]
in_service() {
  local service=$1 id
  shift
  id=$(container_of "$service")
  [[ -n $id ]] || die 1 "$service has no container; run '${0##*/} up'"
  docker exec -i "$id" sh -c "$@"
}

backup_database() {
  local folder=$1 stamp=$2 login='export PGPASSWORD=$POSTGRES_PASSWORD PGHOST=127.0.0.1 PGUSER=$POSTGRES_USER;'
  local full=$BACKUP_WORK/full-$stamp
  mkdir "$full"
  # The two tars that pg_basebackup -Ft -z makes, with the WAL that they need.
  in_service postgres "$login"' work=$(mktemp -d) && trap "rm -rf $work" EXIT &&
    pg_basebackup -D "$work/base" -Ft -z -X stream -c fast --no-sync && tar -C "$work/base" -cf - .' |
    tar -C "$full" -xf - || die 1 "backup failed: base backup"
  tar -C "$BACKUP_WORK" -czf "$folder/full-$stamp.tar.gz" "full-$stamp"
  backup_into "$folder/gallery_${stamp%-*}.dump" in_service postgres "$login"' pg_dump -Fc "$POSTGRES_DB"'
  backup_into "$folder/backup_${stamp%-*}.sql" in_service postgres "$login"' pg_dump "$POSTGRES_DB"'
}

backup_redis() {
  local folder=$1 stamp=$2
  backup_into "$folder/redis/redis-$stamp.rdb" in_service redis \
    'work=$(mktemp) && redis-cli --no-auth-warning --rdb "$work" > /dev/null && cat "$work"; rm -f "$work"'
  cp "$folder/redis/redis-$stamp.rdb" "$folder/app-state/redis-jobs-$stamp.rdb"
}

# The seeded artworks, and the newest generations, as IPFS serves them.
backup_art() {
  local folder=$1 stamp=$2 files=$BACKUP_WORK/art-files cid
  mkdir "$files"
  while read -r cid; do
    curl -fsS -m 10 -o "$files/$cid.png" "http://127.0.0.1:${GALLERY_PORTS[IPFS_GATEWAY]}/ipfs/$cid" ||
      die 1 "backup failed: artwork $cid"
  done < <(bed_sql "SELECT DISTINCT cid FROM artworks WHERE cid IS NOT NULL UNION
    (SELECT cid FROM generations WHERE status = 'done' ORDER BY finished_at DESC LIMIT 20)")
  (cd "$BACKUP_WORK" && find art-files -type f | sort | xargs sha256sum) > "$folder/manifest-$stamp.txt"
  tar -C "$BACKUP_WORK" -czf "$folder/art-files-$stamp.tar.gz" art-files
}

# Configuration without its secrets.
backup_configs() {
  local configs=$BACKUP_WORK/configs
  mkdir "$configs"
  cp -r "$GALLERY_FILES/config/." "$configs"
  cp "$BED/docker-compose.yml" "$BED/tls/ca.pem" "$BED/tls/server.pem" "$configs"
  sed 's/^\([A-Z_]*PASSWORD\)=.*/\1=/' "$BED/.env" > "$configs/env"
  tar -C "$BACKUP_WORK" -czf "$1/configs-$2.tar.gz" configs
}

chain_call() {
  curl -fsS -m 5 -H 'Content-Type: application/json' -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":$2}" \
    "http://127.0.0.1:${GALLERY_PORTS[ETHEREUM]}" | jq -ce 'if .error then error(.error.message) else .result end'
}

backup_contract() {
  local folder=$1 stamp=$2 address block proof code file
  address=$(bed_sql "SELECT value FROM settings WHERE name = 'contract_address'")
  block=$(chain_call eth_getBlockByNumber '["latest",false]') || die 1 "backup failed: the chain does not answer"
  proof=$(chain_call eth_getProof "[\"$address\",[],$(jq .number <<< "$block")]")
  code=$(chain_call eth_getCode "[\"$address\",$(jq .number <<< "$block")]")
  file=contract-$address-$stamp.json
  jq -n --arg address "$address" --argjson block "$block" --argjson proof "$proof" --argjson code "$code" '
    def number: ltrimstr("0x") | explode | reduce .[] as $c (0; . * 16 + (if $c > 96 then $c - 87 else $c - 48 end));
    {address: $address, blockNumber: ($block.number | number),
     timestamp: ($block.timestamp | number | todate), bytecode: $code, storageRoot: $proof.storageHash}' \
    > "$folder/$file"
  backup_manifest "$folder" "$stamp" "$file"
}

backup_state() {
  local folder=$1 stamp=$2 state=$BACKUP_WORK/state sessions=$BACKUP_WORK/sessions
  mkdir "$state" "$sessions"
  bed_sql "SELECT json_build_object('name', name, 'value', value) FROM settings" > "$state/settings.ndjson"
  bed_sql "SELECT json_build_object('id', id, 'status', status, 'seed', seed, 'style', style) FROM generations
    WHERE status IN ('queued', 'drawing')" > "$state/open-generations.ndjson"
  in_service redis 'redis-cli --no-auth-warning --scan --pattern "session:*" | sort' > "$sessions/sessions.txt"
  tar -C "$BACKUP_WORK" -czf "$folder/state-$stamp.tar.gz" state
  tar -C "$BACKUP_WORK" -czf "$folder/sessions-$stamp.tar.gz" sessions
  backup_manifest "$folder" "$stamp" "state-$stamp.tar.gz" "sessions-$stamp.tar.gz" "redis-jobs-$stamp.rdb"
}

# backup_manifest FOLDER STAMP FILE...: sizes and checksums as JSON.
backup_manifest() {
  local folder=$1 stamp=$2 file
  shift 2
  for file in "$@"; do
    jq -n --arg name "$file" --argjson size "$(stat -c %s "$folder/$file")" \
      --arg sha256 "$(sha256sum "$folder/$file" | cut -d' ' -f1)" '{name: $name, size: $size, sha256: $sha256}'
  done | jq -s --arg created "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '{created: $created, files: .}' \
    > "$folder/manifest-$stamp.json"
}
