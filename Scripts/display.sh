# To be sourced: starts an X server of our own, and takes it down again with all that was started
# in the background. Sets DISPLAY.

folder=$(mktemp -d)
children=
leave() {
  for child in $children; do kill "$child" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap leave EXIT
# dash leaves the trap out where a signal ends it.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkfifo "$folder/display"
Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp 3>"$folder/display" 2>"$folder/errors" &
children=$!
read -r number <"$folder/display" || { cat "$folder/errors" >&2; exit 1; }
export DISPLAY=":$number"
