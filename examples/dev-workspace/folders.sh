# Read by every script of workspace.yaml: stop at the first failure, and keep everything in one folder of the user's cache.
set -eu
WORK=${DEV_WORKSPACE:-${XDG_CACHE_HOME:-$HOME/.cache}/muster-dev-workspace}
APP=$WORK/app
