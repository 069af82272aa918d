/**
 * Runs one script and leaves what became of it in the run's directory, for an agent that was restarted meanwhile.
 * Arguments: the directory, then the command. Descriptor 3 is a pipe to the runner, which gets the same facts at once.
 *
 * - `claim/` is made atomically: a second supervisor for this run goes away without running anything.
 * - `pid` holds the script's pid and process group, then its line of /proc/PID/stat where there is one (field 22, the
 *   start time, tells it from a later process with the same pid).
 * - `exit` holds `exit N` or `signal 128+N`. Both files appear whole, by rename.
 *
 * `$?` is 143 for `exit 143` and for death by SIGTERM. But dash, bash and busybox ash write a word on stderr when a
 * signal ended a foreground command and nothing when it exited: `notice` catches that word. They are all silent on
 * SIGINT and SIGPIPE, which therefore count as exit 130 and 141. For this the script must run in the foreground, without
 * redirections of its own (dash would write into them) and with no trap set (bash is silent on trapped signals).
 * A background command would also ignore SIGINT and SIGQUIT for ever.
 *
 * setsid gives the script a session of its own, so that signals to its group miss the supervisor. Where there is no
 * setsid (macOS), both share a group, and the supervisor has to trap.
 *
 * `command -p` finds the tools even if the script's PATH leads nowhere. The pipe is written in a subshell, because a
 * runner that has died would otherwise end the script by SIGPIPE before it began.
 */
export const SUPERVISOR = `dir=$1
shift
command -p mkdir "$dir/claim" || exit 75
printf '%s\\n' "$$" >"$dir/claim/pid"
exec 4>&2 2>"$dir/notice"
if command -pv setsid >/dev/null; then own=setsid group=; else own= group=$$; trap : TERM HUP INT; fi
command -p $own /bin/sh -c '
  exec 2>/dev/null
  dir=$1 group=\${2:-$$}
  shift 2
  stat=
  { IFS= read -r stat <"/proc/$$/stat"; } 2>/dev/null
  printf "%s %s\\n%s\\n" "$$" "$group" "$stat" >"$dir/pid.new" && command -p mv "$dir/pid.new" "$dir/pid"
  (printf "pid %s %s\\n" "$$" "$group" >&3)
  unset dir group stat
  exec "$@" 2>&4 4>&- 3>&-' sh "$dir" "$group" "$@"
code=$? how=exit
[ "$code" -gt 128 ] && [ -s "$dir/notice" ] && how=signal
printf '%s %s\\n' "$how" "$code" >"$dir/exit.new" && command -p mv "$dir/exit.new" "$dir/exit"
printf '%s %s\\n' "$how" "$code" >&3
`;
