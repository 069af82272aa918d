#!/bin/sh
set -eu
trap 'muster complete web --exit-code $?' EXIT

muster want web api --requires succeeded
muster start web
echo "web: serving"
