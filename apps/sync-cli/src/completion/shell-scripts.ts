/** The shells that `muster completion` speaks to. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// Each script hands the words so far to `muster __complete`, the last one unfinished, and offers the lines it prints.

// bash breaks words at colons and equals signs and wants only what follows the last of them; names may have both.
const BASH = `_muster() {
  local cut="\${COMP_WORDS[COMP_CWORD]}" line word
  line="\${COMP_LINE:0:COMP_POINT}"
  word="\${line##*[[:space:]]}"
  case "$cut" in [:=]) cut= ;; esac
  COMPREPLY=()
  while IFS= read -r candidate; do
    printf -v candidate '%q' "$candidate"
    COMPREPLY+=("\${candidate#"\${word%"$cut"}"}")
  done < <(muster __complete --line "$line" 2>/dev/null)
}
complete -F _muster muster
`;

const ZSH = `#compdef muster
_muster() {
  local -a candidates
  candidates=("\${(@f)$(muster __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- "\${(@)candidates:#}"
}
compdef _muster muster
`;

const FISH = `function __muster_complete
  set -l words (commandline -opc)
  muster __complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c muster -f -a '(__muster_complete)'
`;

/** What each shell is to run once, in its start-up file. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
