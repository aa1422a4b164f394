#!/bin/sh
# Something that moves, for an xterm: the text runs, and the window wanders over the screen.
step=0
while :; do
  step=$((step + 1))
  printf '\033[3;%d;%dt' $((80 + step * 3 % 400)) $((60 + step * 2 % 250))
  printf '\033[38;5;%dm%*s the window moves, the picture does not  %5d\033[0m\n' \
    $((112 + step % 110)) $((step % 28)) '' "$step"
  sleep 0.03
done
