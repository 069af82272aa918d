import { SHELL_SCRIPTS, SHELLS, type Shell } from '../completion/shell-scripts.ts';
import { CliError } from '../errors.ts';
import { HELP_OPTION } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster completion`. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'Print a script that lets the shell complete commands, options and names of units',
  usage: ['completion bash|zsh|fish'],
  options: { help: HELP_OPTION },
  examples: [
    { line: 'source <(muster completion bash)', note: 'in ~/.bashrc' },
    { line: 'source <(muster completion zsh)', note: 'in ~/.zshrc, after compinit' },
    { line: 'muster completion fish | source', note: 'in ~/.config/fish/config.fish' },
  ],
  completes: SHELLS,
  async run({ names, io }) {
    const [shell, ...extra] = names;
    if (extra.length > 0) throw CliError.tooManyArguments('completion', extra, 'completion bash|zsh|fish');
    if (shell === undefined) throw CliError.missingShell(SHELLS);
    if (!isShell(shell)) throw CliError.invalidChoice('"muster completion"', shell, SHELLS);
    io.stdout.write(SHELL_SCRIPTS[shell]);
  },
});

function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text); // Widened, so that any text may be asked for.
}
