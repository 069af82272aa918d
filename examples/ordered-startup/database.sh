#!/bin/sh
set -eu
# However this script ends, its unit completes with the exit code, and nobody waits for ever.
trap 'muster complete database --exit-code $?' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

muster start database --pid $$
echo "database: restored"
