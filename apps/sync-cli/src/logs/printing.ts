import stringWidth from 'fast-string-width';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type ColorChoice, type Palette, palette, wantsColor } from '../render/color.ts';
import { errorText, reportOf } from '../render/error.ts';
import { cellName } from '../render/names.ts';
import { type LogStyle, type LogWriter, lineWriter, pieceWriter } from './log-writer.ts';
import { type RunLog, RunPrinter } from './run-printer.ts';

/** How the logs of some units are printed. */
export interface Printing {
  /** @param isNew Whether the run began after the command did: then all of it comes, however few of the last lines are wanted. */
  readonly printer: (log: RunLog, how: { readonly isNew: boolean }) => RunPrinter;
  /** Whether anybody still reads what is printed. */
  readonly isRead: () => boolean;
  /** Tells on stderr what went wrong with one unit while others go on; what concerns them all, once. @returns its exit code. */
  readonly report: (thrown: unknown) => ExitCode;
}

interface From {
  readonly options: { readonly color: string | undefined; readonly socket: string | undefined };
  readonly io: Io;
  /** Only so many of the last lines of each file; `null`: all. */
  readonly tail: number | null;
}

/** With several units each line gets its unit in front. */
export function printing(units: readonly string[], from: From): Printing {
  const { io, tail } = from;
  const colors = wantsColor(colorOf(from), io.env, io.stdout.isTTY);
  const style: LogStyle = { io, colors };
  const prefixes = prefixesOf(units, palette(colors));
  let isLeft = false;
  io.stdout.onBroken?.(() => {
    isLeft = true;
  });
  const isRead = (): boolean => !isLeft;
  const writer = (unit: string, isAlone: boolean): LogWriter =>
    units.length === 1 && isAlone ? pieceWriter(style) : lineWriter(style, prefixes.get(unit) ?? '');
  const printer: Printing['printer'] = (log, { isNew }) =>
    new RunPrinter(log, { io, isRead, tail: isNew ? null : tail, writer: (isAlone) => writer(log.unit, isAlone) });
  return { printer, isRead, report: reporter(from) };
}

function reporter(from: From): Printing['report'] {
  const { options, io } = from;
  const told = new Set<string>();
  return (thrown) => {
    const report = reportOf(thrown, { socket: options.socket, env: io.env });
    const text = errorText(report, palette(wantsColor(colorOf(from), io.env, io.stderr.isTTY)));
    if (!told.has(text)) io.stderr.write(text);
    told.add(text);
    return report.exitCode;
  };
}

function colorOf({ options }: From): ColorChoice {
  return (options.color ?? 'auto') as ColorChoice; // One of the choices: parseArguments has checked it.
}

/** `NAME | `, as wide as the widest name; none for a unit alone. */
function prefixesOf(units: readonly string[], colors: Palette): Map<string, string> {
  if (units.length === 1) return new Map();
  const widest = Math.max(...units.map((unit) => stringWidth(cellName(unit))));
  return new Map(
    units.map((unit) => {
      const name = cellName(unit);
      return [unit, `${colors.strong(name)}${' '.repeat(widest - stringWidth(name))} | `];
    }),
  );
}
