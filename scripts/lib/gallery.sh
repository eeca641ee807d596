# shellcheck shell=bash
# The demo gallery as another script starts it and takes it down. A gallery that was there before,
# or that somebody else starts at this moment, is theirs and stays.
# Needs say.sh; ROOT is the project's folder.

GALLERY_COMMAND=$ROOT/scripts/demo-gallery
GALLERY_BUSY=75 # what demo-gallery ends with while another command works on the bed
GALLERY_OURS=false
_gallery_up=

# gallery_begin LOG: starts the gallery beside what follows.
gallery_begin() {
  if ! "$GALLERY_COMMAND" env > /dev/null 2>&1; then
    GALLERY_OURS=true
  fi
  "$GALLERY_COMMAND" up > "$1" 2>&1 < /dev/null &
  _gallery_up=$!
}

# Waits for what gallery_begin started; its exit code.
gallery_wait() {
  local code=0
  wait "$_gallery_up" || code=$?
  _gallery_up=
  if ((code == GALLERY_BUSY)); then
    GALLERY_OURS=false
  fi
  return "$code"
}

# gallery_end LOG: ends a start that still runs, and takes the gallery down when it is ours.
gallery_end() {
  if [[ -n $_gallery_up ]]; then
    pkill -TERM -P "$_gallery_up" 2> /dev/null || true
    kill "$_gallery_up" 2> /dev/null || true
    gallery_wait 2> /dev/null || true
  fi
  ! $GALLERY_OURS || "$GALLERY_COMMAND" down > "$1" 2>&1
}
