import type { Io } from '../io.ts';
import { COLORS_END, completeLength, harmlessLog, setsColors } from '../render/log-text.ts';

/** Prints what comes out of one log, piece by piece. */
export interface LogWriter {
  write(bytes: Buffer): void;
  /** Nothing more comes. */
  end(): void;
}

/** How logs look where they are printed. */
export interface LogStyle {
  readonly io: Io;
  /** Whether colours that scripts set may stay on a terminal. */
  readonly colors: boolean;
}

/** The longest line that is kept until it is whole; a longer one is printed in several. */
const MAX_LINE_BYTES = 1024 * 1024;

const LF = 0x0a;

/** For a log alone: its bytes as they are, or harmless on a terminal. */
export function pieceWriter({ io, colors }: LogStyle): LogWriter {
  if (!io.stdout.isTTY) return { write: (bytes) => io.stdout.write(bytes), end: () => undefined };
  const decoder = new TextDecoder();
  let held = '';
  let isColored = false;
  const show = (text: string, length: number): void => {
    const shown = harmlessLog(text.slice(0, length), colors);
    held = text.slice(length);
    isColored ||= setsColors(shown);
    io.stdout.write(shown);
  };
  return {
    write: (bytes) => {
      const text = held + decoder.decode(bytes, { stream: true });
      show(text, completeLength(text));
    },
    end: () => {
      const text = held + decoder.decode();
      show(text, text.length);
      if (isColored) io.stdout.write(COLORS_END);
    },
  };
}

/** For one log among several: whole lines, each behind `prefix`, so that those of two logs never mix. */
export function lineWriter({ io, colors }: LogStyle, prefix: string): LogWriter {
  const { stdout } = io;
  let pending: Buffer = Buffer.alloc(0);
  const showLine = (line: Buffer): string => {
    const shown = harmlessLog(line.toString('utf8').replace(/\r$/, ''), colors);
    return `${prefix}${shown.replaceAll('\n', `\n${prefix}`)}${setsColors(shown) ? COLORS_END : ''}\n`;
  };
  const print = (lines: readonly Buffer[]): void => {
    if (stdout.isTTY) stdout.write(lines.map(showLine).join(''));
    else stdout.write(Buffer.concat(lines.flatMap((line) => [Buffer.from(prefix), line, Buffer.of(LF)])));
  };
  return {
    write: (bytes) => {
      const lines = splitLines(Buffer.concat([pending, bytes]));
      const rest = lines.pop() ?? Buffer.alloc(0);
      if (rest.length > MAX_LINE_BYTES) lines.push(rest);
      pending = rest.length > MAX_LINE_BYTES ? Buffer.alloc(0) : rest;
      if (lines.length > 0) print(lines);
    },
    end: () => {
      if (pending.length > 0) print([pending]);
      pending = Buffer.alloc(0);
    },
  };
}

/** The parts between line feeds; the last one is not ended by one. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}
