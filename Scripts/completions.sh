#!/bin/sh
# Writes what completes the command in bash, zsh and fish into a folder like PREFIX/share: what the
# command itself generates, and what is to be added to that.
set -eu
binary=$1
share=$2
own=$(dirname "$0")/../Completions

# A generator that fails is none to be passed over, as it would be in a pipe.
generated=$(mktemp)
trap 'rm -f "$generated"' EXIT
generate() { "$binary" --generate-completion-script "$1" >"$generated"; }
install -d "$share/bash-completion/completions" "$share/zsh/site-functions" \
  "$share/fish/vendor_completions.d"
# Without the last lines, which register what the ones to be added improve.
generate bash
{
  sed '1d; /^complete /d' "$generated"
  cat "$own/xregioncap.bash"
} >"$share/bash-completion/completions/xregioncap"
generate zsh
{
  sed '/^if .*funcstack/,$d' "$generated"
  cat "$own/xregioncap.zsh"
} >"$share/zsh/site-functions/_xregioncap"
generate fish
cat "$generated" "$own/xregioncap.fish" >"$share/fish/vendor_completions.d/xregioncap.fish"
