import type { Io } from './io.ts';
import { type ColorChoice, type Palette, palette, wantsColor } from './render/color.ts';
import { toJson } from './render/json.ts';
import { visible } from './render/names.ts';

/** Prints what a command has to say, in the form that its options ask for. */
export class Answer {
  readonly #io: Io;
  readonly #options: { readonly json: boolean; readonly quiet: boolean; readonly color: string | undefined };

  constructor(
    io: Io,
    options: { readonly json: boolean; readonly quiet: boolean; readonly color: string | undefined },
  ) {
    this.#io = io;
    this.#options = options;
  }

  /**
   * The answer, on stdout.
   *
   * @param data Printed with `--json`.
   * @param forms `text` for people; `quiet` is what `--quiet` leaves of it, nothing by default.
   */
  print(data: unknown, forms: { readonly text: (colors: Palette) => string; readonly quiet?: () => string }): void {
    if (this.#options.json) this.#io.stdout.write(`${toJson(data, 2)}\n`);
    else if (this.#options.quiet) this.#io.stdout.write(forms.quiet?.() ?? '');
    else this.#io.stdout.write(forms.text(palette(wantsColor(this.#choice(), this.#io.env, this.#io.stdout.isTTY))));
  }

  /** Something went wrong that ends nothing, on stderr. Also with `--quiet`. */
  warn(sentence: string): void {
    const line = this.#options.json ? toJson({ warning: { message: sentence } }, 0) : `warning: ${visible(sentence)}`;
    this.#io.stderr.write(`${line}\n`);
  }

  /** A sentence about what goes on, on stderr; silent with `--quiet` and `--json`. */
  note(sentence: string): void {
    if (!this.#options.json && !this.#options.quiet) this.#io.stderr.write(`${sentence}\n`);
  }

  #choice(): ColorChoice {
    return (this.#options.color ?? 'auto') as ColorChoice; // One of the choices: parseArguments has checked it.
  }
}
