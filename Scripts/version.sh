#!/bin/sh
# Prints the version that packages bear. Between two releases it names the commit, and comes in order
# of time: before the release of that number where it is still to come, and else after it.
set -eu
cd "$(dirname "$0")/.."
number=$(sed -n 's/.*static let number = "\(.*\)".*/\1/p' Sources/xregioncap/Version.swift)
if [ ! -e .git ]; then
  # The sources alone.
  echo "$number"
  exit
fi
commit=$(git rev-parse --short=7 HEAD)
changes=$(git status --porcelain --untracked-files=no)
if [ -z "$changes" ] && git tag --points-at HEAD | grep -qx "v\?$number"; then
  echo "$number"
  exit
fi
sign='~'
if grep -q "^## $number\b" CHANGELOG.md; then sign=+; fi
time=$(TZ=UTC0 git log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S)
echo "$number${sign}git$time.$commit${changes:+.dirty}"
