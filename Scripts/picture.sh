#!/bin/sh
# The picture of the README, taken by the program itself: three moments of a screen over which an
# xterm wanders, and under each what is captured of it.
set -eu
xregioncap=$1
picture=$2
scripts=$(dirname "$0")
. "$scripts/display.sh"

xterm -xrm 'XTerm*allowWindowOps: true' -xrm 'XTerm*scrollBar: false' -bg gray15 -e "$scripts/dancer.sh" &
children="$children $!"
xeyes -geometry 200x150+700+400 &
children="$children $!"
xclock -geometry 180x180+40+480 &
children="$children $!"

for class in XTerm XEyes XClock; do
  "$xregioncap" --wait 20 -w "class:$class" -n 1 -o "$folder/$class.y4m"
done
# Two captures at the same time.
"$xregioncap" -w class:XTerm --crop-to child --delay 1 -r 1 -n 3 -o "$folder/part.y4m" &
part=$!
"$xregioncap" --delay 1 -r 1 -n 3 --pix-fmt yuv444p -o "$folder/screen.y4m"
wait "$part"
mkdir -p "$(dirname "$picture")"
ffmpeg -nostdin -loglevel error -y -i "$folder/screen.y4m" -i "$folder/part.y4m" -filter_complex \
  '[0]scale=427:240,tile=3x1:padding=8:color=gray[a];[1]scale=-2:240,pad=427:256:(ow-iw)/2:8:gray,tile=3x1:padding=8:color=gray[b];[a][b]vstack' \
  -frames:v 1 "$picture"
