#!/bin/sh
set -eu
trap 'muster complete web --exit-code $?' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM

muster want web api --requires succeeded
muster start web --pid $$
echo "web: serving"
