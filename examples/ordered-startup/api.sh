#!/bin/sh
set -eu
trap 'muster complete api --exit-code $?' EXIT

muster want api database --requires succeeded
muster start api
echo "api: migrated"
