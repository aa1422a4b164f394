#!/usr/bin/env bash
# Runs every test that was built. Where some fail, tells at the end once more which and why, since
# the rest is long; the runner's summary stays the last line.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${SWIFT:-swift}" test --skip-build --disable-xctest --no-parallel 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  printf '\nWhat failed:\n'
  grep --after-context=2 'recorded an issue\|Fatal error\|unexpected signal' "$log" |
    cut --characters=-400 | head -n 60
  grep 'Test run with' "$log" | tail -n 1
fi
exit "$status"
