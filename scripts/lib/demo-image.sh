# shellcheck shell=bash
# The gallery's image. Where Debian's image can be pulled, base.Dockerfile
# makes the base; elsewhere mmdebstrap makes the same from the host's own
# package sources, and the result is kept in the cache.
# Needs say.sh, packages.sh, demo-bed.sh, demo-engine.sh.

# Raised when the way the base is made changes: old ones in the cache are not used then.
IMAGE_RECIPE=2

image_hash() { sha256sum | cut -c1-16; }

image_files_hash() {
  (cd "$GALLERY_FILES" && find "$@" -type f -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum) | image_hash
}

image_keys() {
  NODE_KEY=$(image_files_hash node)
  CONTRACT_KEY=$(image_files_hash node/package-lock.json contracts)
  BASE_KEY=$(printf '%s\n' "$NODE_KEY" "$(image_files_hash image)" "$IMAGE_RECIPE" | image_hash)
  BASE_TAR=$CACHE/base-$BASE_KEY.tar
  CONTRACT_JSON=$CACHE/contract-$CONTRACT_KEY.json
  local own
  own=$(image_files_hash Dockerfile config services ipfs frontend sql)
  GALLERY_BASE=$BED_REPOSITORY:base-$BASE_KEY
  GALLERY_IMAGE=$BED_REPOSITORY:$(printf '%s\n' "$BASE_KEY" "$CONTRACT_KEY" "$own" | image_hash)
}

image_there() { docker image inspect "$1" > /dev/null 2>&1; }

# What the cache lacks is made here, before an engine is needed: packages and
# npm's part at the same time. Sets IMAGE_JOBS to the jobs' process groups.
image_prepare() {
  image_keys
  mkdir -p "$CACHE"
  # Of two beds that need the same, one makes it.
  local lock
  exec {lock}< "$CACHE"
  flock -n "$lock" || {
    step "waiting for another bed that makes the image"
    flock "$lock"
  }
  image_make_missing
  exec {lock}<&-
}

image_make_missing() {
  rm -rf "$BED_SCRATCH"
  mkdir -p "$BED_SCRATCH"
  local jobs=() failed=0 job
  if [[ ! -s $BASE_TAR ]] && ! image_pullable; then
    need_packages mmdebstrap || die 1 "mmdebstrap is needed to make the image"
    need_tool node nodejs
    step "making the image from Debian packages (one to four minutes, once)"
    image_job packages image_make_packages jobs
    image_job node image_make_node jobs
  elif [[ ! -s $CONTRACT_JSON ]]; then
    need_tool node nodejs
    step "compiling the contract"
    image_job node image_make_node jobs
  fi
  for job in "${jobs[@]}"; do
    wait "$job" || failed=$?
  done
  IMAGE_JOBS=()
  ((failed == 0)) || image_report_failure
  if [[ ! -s $BASE_TAR && -s $BED_SCRATCH/packages.tar ]]; then
    image_join
  fi
  rm -rf "$BED_SCRATCH"
  image_age_cache
}

# What no bed has used for a week goes.
image_age_cache() {
  touch -c "$BASE_TAR" "$CONTRACT_JSON"
  find "$CACHE" -type f -mtime +7 -delete
}

# The packages of the tools that image_prepare will miss, as far as is known before an engine runs.
image_tools() {
  image_keys
  [[ ! -s $BASE_TAR ]] && [[ -n $(image_host_sources) ]] && ! image_there debian:12 || return 0
  command -v mmdebstrap > /dev/null || echo mmdebstrap
  command -v node > /dev/null || echo nodejs
}

# image_job NAME FUNCTION ARRAY: runs the function beside us, in a group of its own.
image_job() {
  local -n started=$3
  set -m
  (
    # The mark by which `down` finds what a killed `up` left running.
    export GALLERY_DEMO_ENGINE=$BED
    "$2"
  ) > "$BED_SCRATCH/$1.log" 2>&1 < /dev/null {BED_LOCK}>&- &
  set +m
  started+=("$!")
  IMAGE_JOBS+=("$!")
}

image_report_failure() {
  local log
  for log in "$BED_SCRATCH"/*.log; do
    warn "the end of ${log##*/}:"
    tail -n 15 "$log" >&2
  done
  die 1 "the image could not be made"
}

image_pullable() {
  image_there debian:12 && return
  engine_answers "$ENGINE_HOST" || return
  [[ -n $(image_host_sources) ]] && return 1
  timeout 120 docker pull -q debian:12 > /dev/null 2>&1
}

# The host's own Debian mirrors, as sources for Debian 12.
image_host_sources() {
  local release codename
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [[ -n $release ]] || return 0
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2> /dev/null |
    while read -r uri codename component; do
      [[ $component == main ]] || continue
      case $codename in
        "$release" | stable | oldstable) echo "deb $uri bookworm main" ;;
        "$release-updates" | stable-updates | oldstable-updates) echo "deb $uri bookworm-updates main" ;;
        "$release-security" | stable-security | oldstable-security) echo "deb $uri bookworm-security main" ;;
      esac
    done | grep -E "$(image_debian_host)" | sort -u
}

# Only Debian's own package sources make Debian 12.
image_debian_host() {
  if grep -qx 'ID=debian' /etc/os-release; then echo .; else echo '^$'; fi
}

image_list() { grep -v -e '^#' -e '^$' "$GALLERY_FILES/image/$1"; }

image_make_packages() {
  local sources=$BED_SCRATCH/sources.list apt=$BED_SCRATCH/apt.conf options=() pattern as_root
  image_host_sources > "$sources"
  if [[ ! -s $sources ]]; then
    echo "no Debian image can be pulled, and this host has no Debian package sources"
    return 1
  fi
  # The host's way to its mirrors (a proxy, say) is the way for mmdebstrap as well.
  apt-config dump | grep -iE '^Acquire::(https?|Retries)' > "$apt" || true
  while read -r pattern; do
    options+=("--dpkgopt=path-exclude=$pattern")
  done < <(image_list excludes.txt)
  find_root || as_root=()
  # A mount namespace of its own: nothing stays mounted when it is killed.
  TMPDIR=$BED_SCRATCH image_own_mounts mmdebstrap --quiet --variant=essential \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --dpkgopt=force-unsafe-io "${options[@]}" \
    --aptopt="$apt" --include="$(image_list packages.txt | paste -sd,)" \
    --customize-hook='rm -rf "$1"/var/lib/postgresql/15 "$1"/etc/apt/sources.list* "$1"/var/log/*' \
    --customize-hook='chroot "$1" install -d -o www-data -g www-data /var/lib/ipfs /var/lib/ethereum' \
    bookworm "$BED_SCRATCH/packages-new.tar" "$sources"
  mv "$BED_SCRATCH/packages-new.tar" "$BED_SCRATCH/packages.tar"
}

image_own_mounts() {
  if ((EUID == 0)); then
    unshare -m --propagation private "$@"
  else
    "$@"
  fi
}

# Sets NPM to the command that runs npm: the host's, else Debian's, unpacked into the scratch. With npm
# come 350 packages: dpkg would take a minute for them, and the host would keep them for this once.
image_find_npm() {
  NPM=(npm)
  ! command -v npm > /dev/null || return 0
  local folder=$BED_SCRATCH/npm package as_root
  local root=$folder/root
  mkdir -p "$root" "$folder/packages"
  find_root || as_root=()
  _packages_update || true
  apt-get -q -s --no-install-recommends install npm | awk '/^Inst / { print $2 }' | grep -v -e '-dev$' > "$folder/list"
  (cd "$folder/packages" && xargs apt-get -q -o Acquire::Retries=3 download < "$folder/list")
  for package in "$folder"/packages/*.deb; do
    dpkg -x "$package" "$root"
  done
  NPM=(env NODE_PATH="$root/usr/share/nodejs:$root/usr/lib/nodejs:$root/usr/lib/$(uname -m)-linux-gnu/nodejs"
    node "$root/usr/share/nodejs/npm/bin/npm-cli.js")
}

# npm's parts: the contract is compiled here, and what the image runs goes into a tar.
image_make_node() {
  local work=$BED_SCRATCH/node NPM
  image_find_npm
  cp -r "$GALLERY_FILES/node" "$work"
  (cd "$work" && "${NPM[@]}" ci --ignore-scripts --no-audit --no-fund --no-update-notifier)
  node "$GALLERY_FILES/contracts/compile.cjs" "$work/node_modules" "$GALLERY_FILES/contracts/GalleryArt.sol" \
    > "$CONTRACT_JSON.new"
  mv "$CONTRACT_JSON.new" "$CONTRACT_JSON"
  sh "$work/bundle.sh" "$work/root/opt/gallery/node"
  tar -C "$work/root" --owner=0 --group=0 -cf "$BED_SCRATCH/node.tar" ./opt/gallery
}

image_join() {
  tar -Af "$BED_SCRATCH/packages.tar" "$BED_SCRATCH/node.tar"
  mv "$BED_SCRATCH/packages.tar" "$BASE_TAR.new"
  mv "$BASE_TAR.new" "$BASE_TAR"
}

# Stops what image_prepare runs, each job with all that it started.
image_stop_jobs() {
  local job
  for job in "${IMAGE_JOBS[@]}"; do
    kill -KILL -- "-$job" 2> /dev/null || true
  done
  IMAGE_JOBS=()
}

# The base and the gallery's own layer, in the engine.
image_build() {
  image_there "$GALLERY_IMAGE" && return
  step "putting the image together"
  if ! image_there "$GALLERY_BASE"; then
    image_base
  fi
  local context=$BED/context
  rm -rf "$context"
  mkdir "$context"
  cp -r "$GALLERY_FILES"/{Dockerfile,config,services,ipfs,frontend,sql} "$context"
  find "$context" -name __pycache__ -prune -exec rm -rf {} +
  cp "$CONTRACT_JSON" "$context/contract.json"
  DOCKER_BUILDKIT=0 docker build -q --network none --build-arg "BASE=$GALLERY_BASE" --build-arg "BED=$BED_ID" \
    -t "$GALLERY_IMAGE" "$context" > "$BED/build.log" 2>&1 || die 1 "building the image failed: $(tail -n 3 "$BED/build.log")"
  rm -rf "$context" "$BED/build.log"
}

image_base() {
  local other
  other=$(docker images --format '{{.Repository}}:{{.Tag}}' "gallery-ops-demo/*:base-$BASE_KEY" | head -n 1)
  if [[ -n $other ]]; then
    docker tag "$other" "$GALLERY_BASE"
  elif [[ -s $BASE_TAR ]]; then
    docker import - "$GALLERY_BASE" < "$BASE_TAR" > /dev/null
  else
    local failed=0
    DOCKER_BUILDKIT=0 docker build -q --force-rm --network host -f "$GALLERY_FILES/base.Dockerfile" \
      --build-arg "BED=$BED_ID" -t "$GALLERY_BASE" "$GALLERY_FILES" > "$BED/build.log" 2>&1 || failed=1
    image_drop_stages
    ((failed == 0)) || die 1 "building the base image failed: $(tail -n 3 "$BED/build.log")"
  fi
}

# The stages that only gave files, and what a failed build got to.
image_drop_stages() {
  docker image prune -f --filter "label=gallery-ops.demo.bed=$BED_ID" > /dev/null 2>&1 || true
}

image_remove() {
  local image
  docker images --format '{{.Repository}}:{{.Tag}}' "$BED_REPOSITORY" | while read -r image; do
    docker rmi "$image" > /dev/null 2>&1 || true
  done
  image_drop_stages
}
