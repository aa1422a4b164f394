#!/bin/sh
# Writes what completes the command in bash, zsh and fish into a folder like PREFIX/share: what the
# command itself generates, and what is to be added to that.
set -eu
binary=$1
share=$2
own=$(dirname "$0")/../Completions

# Without the last lines, which register what the ones to be added improve.
generate() { "$binary" --generate-completion-script "$1"; }
install -d "$share/bash-completion/completions" "$share/zsh/site-functions" \
  "$share/fish/vendor_completions.d"
{
  generate bash | sed '1d; /^complete /d'
  cat "$own/xregioncap.bash"
} >"$share/bash-completion/completions/xregioncap"
{
  generate zsh | sed '/^if .*funcstack/,$d'
  cat "$own/xregioncap.zsh"
} >"$share/zsh/site-functions/_xregioncap"
{
  generate fish
  cat "$own/xregioncap.fish"
} >"$share/fish/vendor_completions.d/xregioncap.fish"
