#!/bin/sh
# Puts the command, its man page and its completions into a folder like /usr/local; with --remove in
# place of the binary, removes them.
set -eu
binary=$1
prefix=$2
cd "$(dirname "$0")/.."
if [ "$binary" = --remove ]; then
  rm -f "$prefix/bin/xregioncap" "$prefix/share/man/man1/xregioncap.1" \
    "$prefix/share/bash-completion/completions/xregioncap" \
    "$prefix/share/zsh/site-functions/_xregioncap" \
    "$prefix/share/fish/vendor_completions.d/xregioncap.fish"
  exit
fi
install -d "$prefix/bin" "$prefix/share/man/man1"
install -m 755 "$binary" "$prefix/bin/xregioncap"
strip "$prefix/bin/xregioncap"
install -m 644 man/xregioncap.1 "$prefix/share/man/man1/xregioncap.1"
Scripts/completions.sh "$prefix/bin/xregioncap" "$prefix/share"
