#!/bin/sh
# Prints the time that packages bear, in s since 1970: of the commit, and not of the build, so that
# the same sources give the same package.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
  echo "$SOURCE_DATE_EPOCH"
elif [ -e .git ]; then
  git log -1 --format=%ct
else
  stat -c %Y CHANGELOG.md
fi
