#!/bin/sh
set -eu
trap 'muster complete api --exit-code $?' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

muster want api database --requires succeeded
muster start api --pid $$
echo "api: migrated"
