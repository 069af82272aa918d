/** When to colour: `auto` asks the environment and the stream. */
export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** Puts text in a colour, or leaves it as it is where colour is off. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly busy: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

/**
 * Whether to colour a stream: the option decides, then `NO_COLOR` (no-color.org), `FORCE_COLOR` and `CLICOLOR_FORCE`, then
 * whether it is a terminal other than `TERM=dumb`. An empty variable counts as unset, `FORCE_COLOR=0` as no.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR || env.CLICOLOR_FORCE;
  if (forced) return forced !== '0' && forced !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

/** The colours of a terminal's own theme, in SGR codes of ECMA-48. */
export function palette(enabled: boolean): Palette {
  const paint = (open: number, close: number) => (text: string) =>
    enabled ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return { good: paint(32, 39), bad: paint(31, 39), busy: paint(33, 39), faint: paint(2, 22), strong: paint(1, 22) };
}
