# shellcheck shell=bash
# Building the program. Needs say.sh and packages.sh; ROOT is the project's folder.

# What Debian 12 and 13 call the tools and libraries that the program is built with
# (docs/dependencies.md says why each of them).
BUILD_PACKAGES=(g++ cmake ninja-build pkg-config ccache mold
  libcli11-dev libcurl4-openssl-dev libfmt-dev nlohmann-json3-dev libpq-dev libhiredis-dev
  libyaml-cpp-dev libsqlite3-dev zlib1g-dev libzstd-dev libssl-dev catch2)

# build_program FOLDER [CMAKE-OPTION...]: configures when needed and builds there: everything, or
# the targets named in the array BUILD_TARGETS.
BUILD_TARGETS=(all)

build_program() {
  local folder=$1
  shift
  local log=$folder/build.log
  mkdir -p "$folder"
  # The compiler names the headers anyway (CCACHE_DEPEND): no source is preprocessed twice.
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
  if ! cmake -S "$ROOT" -B "$folder" -G Ninja "$@" > "$log" 2>&1; then
    tail -n 40 "$log" >&2
    return 1
  fi
  if ! cmake --build "$folder" --target "${BUILD_TARGETS[@]}" >> "$log" 2>&1; then
    grep -E 'error|FAILED|undefined|warning: ' "$log" | head -n 40 >&2
    warn "the build failed; its whole output is in $log"
    return 1
  fi
}

# behind NICENESS COMMAND...: leaves the processor to what runs beside it.
behind() {
  (
    renice -n "$1" "$BASHPID" > /dev/null
    "${@:2}"
  )
}
