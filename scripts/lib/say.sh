# shellcheck shell=bash
# Words to the person at the terminal. Progress goes to stderr, and only where
# somebody watches; errors always.

step() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s ...' "$*" >&2
  fi
}

steps_end() {
  if [[ -t 2 ]]; then
    printf '\r\033[K' >&2
  fi
}

warn() {
  steps_end
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die EXIT-CODE MESSAGE...
die() {
  local code=$1
  shift
  warn "$*"
  exit "$code"
}
