/**
 * Runs scripts and leaves what became of each in its run's directory, for an agent that was restarted meanwhile. Descriptor 3 is a
 * pipe to the runner, which gets the same facts at once.
 *
 * With arguments, the directory and a command, it runs that one; the log is its stdout and stderr. As a script on the stdin of a
 * shell it only defines functions; each run then begins with the commands of start-commands.ts.
 *
 * - `claim` is made exclusively (`set -C`): a second supervisor for this run goes away without running anything. It holds the
 *   pid of the supervisor.
 * - `pid` holds the script's pid and process group, then its line of /proc/PID/stat where there is one (field 22, the
 *   start time, tells it from a later process with the same pid).
 * - `exit` holds `exit N` or `signal 128+N`. It is there before the runner is told. Each file is written at once: one without a
 *   line feed at its end counts as not there.
 *
 * `$?` is 143 for `exit 143` and for death by SIGTERM. But dash, bash and busybox ash write a word on stderr when a
 * signal ended a foreground command and nothing when it exited: `claim` catches that word. They are all silent on
 * SIGINT and SIGPIPE, which therefore count as exit 130 and 141. For this the script must run in the foreground and with no trap
 * set (bash is silent on trapped signals). A background command would also ignore SIGINT and SIGQUIT for ever.
 *
 * These files are the script's to spoil. Without its claim, a code above 128 is `unknown CODE`, which the runner alone is told. Without
 * `pid` the script could not start, or it has removed that: `never HOW CODE` lets the runner decide, which knows.
 *
 * setsid gives the script a session of its own, so that signals to its group miss the supervisor. Where there is no
 * setsid (macOS), both share a group, and the supervisor has to trap.
 *
 * A variable that the environment has already is changed there too, so those of the functions are unset before the script.
 *
 * `command -p` finds the tools even if the script's PATH leads nowhere. A runner that has died must not end the script by
 * SIGPIPE before it began, hence the trap around the word on the pipe.
 */
export const SUPERVISOR = `set -C
muster_setsid=$(command -pv setsid) || trap : TERM HUP INT
muster_start() { muster_become "$@"; }
muster_become() {
  muster_stat=
  read -r muster_stat </proc/self/stat
  muster_pid=\${muster_stat%% *}
  [ "$muster_pid" ] || muster_pid=$(exec /bin/sh -c 'echo "$PPID"')
  if [ "$muster_setsid" ]; then muster_group=$muster_pid; else muster_group=$$; fi
  printf '%s %s\\n%s\\n' "$muster_pid" "$muster_group" "$muster_stat" >"$1/pid"
  trap '' PIPE
  muster_tell $muster_stat
  trap - PIPE
  shift
  set -- $muster_setsid "$@"
  unset muster_setsid muster_stat muster_pid muster_group
  exec "$@" </dev/null >&5 2>&6 3>&- 5>&- 6>&-
}
muster_tell() { printf 'pid %s %s %s\\n' "$muster_pid" "$muster_group" "\${22}" >&3; }
muster_watch() {
  printf '%s\\n' "$$" >&2
  (exec 2>/dev/null; muster_start "$@")
  muster_code=$? muster_how=exit
  if [ "$muster_code" -ne 0 ]; then
    if [ "$muster_code" -gt 128 ]; then
      muster_how=unknown
      { read -r muster_word && [ "$muster_word" = "$$" ] && muster_how=exit && read -r muster_word && muster_how=signal; } <"$1/claim"
    fi
    [ -e "$1/pid" ] || { printf 'never %s %s\\n' "$muster_how" "$muster_code" >&3; return 0; }
  fi
  [ "$muster_how" = unknown ] || printf '%s %s\\n' "$muster_how" "$muster_code" >"$1/exit"
  printf '%s %s\\n' "$muster_how" "$muster_code" >&3
}
if [ $# -gt 1 ]; then
  exec 5>&1 6>&2 2>/dev/null
  muster_watch "$@" 2>"$1/claim" || exit 75
fi
`;
