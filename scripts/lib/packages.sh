# shellcheck shell=bash
# Debian packages that a script needs. Needs say.sh.

# Whether the lists are up to date; also for the scripts that this one starts.
export PACKAGES_UPDATED=${PACKAGES_UPDATED:-false}

# The command prefix that makes a command run as root, in the array `as_root`;
# fails where there is neither root nor sudo.
find_root() {
  as_root=()
  if ((EUID == 0)); then
    return 0
  fi
  if ! command -v sudo > /dev/null; then
    return 1
  fi
  as_root=(sudo)
  if ! sudo -n true 2> /dev/null; then
    # A person can be asked for the password; a script cannot.
    [[ -t 0 ]] || return 1
  fi
}

package_installed() {
  local state
  state=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null) && [[ $state == installed ]]
}

# need_packages PACKAGE...: installs what is missing, and does nothing else.
need_packages() {
  local package missing=()
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    warn "this system has no apt; install by hand what Debian calls: $*"
    return 1
  fi
  for package in "$@"; do
    package_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  local as_root
  if ! find_root; then
    warn "these packages are missing and need root (or sudo) to install: ${missing[*]}"
    return 1
  fi
  step "installing ${missing[*]}"
  _packages_update || return 1
  _packages_apt install -y --no-install-recommends "${missing[@]}"
}

_packages_update() {
  $PACKAGES_UPDATED && return 0
  _packages_apt update && PACKAGES_UPDATED=true
}

# apt-get with patience; its words are shown only when it fails.
_packages_apt() {
  local try output
  for try in 1 2 3; do
    if output=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q \
      -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" 2>&1 < /dev/null); then
      return 0
    fi
    ((try == 3)) || sleep $((try * 3))
  done
  printf '%s\n' "$output" | tail -n 20 >&2
  warn "apt-get $1 failed"
  return 1
}

# need_tool COMMAND PACKAGE...: the command, from the first of the packages that brings it.
need_tool() {
  local tool=$1 package
  shift
  for package in "$@"; do
    command -v "$tool" > /dev/null && return
    need_packages "$package" || break
  done
  command -v "$tool" > /dev/null || die 1 "$tool is needed"
}
