#!/bin/sh
# Prints the time that packages bear, in s since 1970: of the commit, and not of the build, so that
# the same sources give the same package.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
  echo "$SOURCE_DATE_EPOCH"
else
  git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md
fi
