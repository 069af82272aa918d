#!/bin/sh
# Starts the three scripts at once, in the wrong order on purpose, and fails if one of them fails.
cd "$(dirname "$0")" || exit
status=0
./web.sh & web=$!
./api.sh & api=$!
./database.sh & database=$!
wait "$web" || status=1
wait "$api" || status=1
wait "$database" || status=1
exit "$status"
