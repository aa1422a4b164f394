#!/bin/sh
# Films one part of a real program: an xterm that wanders over a screen of its own. Its only
# child window, which holds the text, is followed.
set -eu
xregioncap=$1
scripts=$(dirname "$0")

"$xregioncap" run --crop-to child --duration 5 --no-progress -o demo.mp4 -- \
  xterm -xrm 'XTerm*allowWindowOps: true' -xrm 'XTerm*scrollBar: false' -bg gray15 -fg gray90 \
  -e "$scripts/dancer.sh"
ffmpeg -nostdin -loglevel error -y -ss 2 -i demo.mp4 -frames:v 1 demo.png

echo "film:  $PWD/demo.mp4 ($(ffprobe -v error -select_streams v \
  -show_entries stream=width,height,nb_frames -of csv=p=0 demo.mp4) width,height,frames)"
echo "still: $PWD/demo.png"
