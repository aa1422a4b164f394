#!/bin/sh
# The picture of the README, taken by the program itself: three moments of a screen over which an
# xterm wanders, and under each what is captured of it.
set -eu
xregioncap=$1
picture=$2
scripts=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Two streams of the same moments.
"$xregioncap" run --screen --delay 2 -r 1 -n 3 --pix-fmt yuv444p -o "$folder/screen.y4m" \
  --also "crop-to=class:XTerm,output=$folder/part.y4m" -- sh -c "
    xterm -xrm 'XTerm*allowWindowOps: true' -xrm 'XTerm*scrollBar: false' -bg gray15 -fg gray90 \
      -e '$scripts/dancer.sh' &
    xeyes -geometry 200x150+700+400 &
    xclock -geometry 180x180+40+480 &
    wait"
mkdir -p "$(dirname "$picture")"
ffmpeg -nostdin -loglevel error -y -i "$folder/screen.y4m" -i "$folder/part.y4m" -filter_complex \
  '[0]scale=427:240,tile=3x1:padding=8:color=gray[a];[1]scale=-2:240,pad=427:256:(ow-iw)/2:8:gray,tile=3x1:padding=8:color=gray[b];[a][b]vstack' \
  -frames:v 1 "$picture"
