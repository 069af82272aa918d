import { writeSync } from 'node:fs';

/** Text that could not be written, for another reason than that nobody reads any more. */
export class OutputError extends Error {
  constructor(cause: Error) {
    super(`the output could not be written: ${cause.message}`, { cause });
  }
}

const STREAMS = { stdout: 1, stderr: 2 } as const;

/**
 * Writes all of a text, however slow its reader is: only what the system has taken outlives the process. A reader that has seen
 * enough, as in `| head -1`, is no trouble.
 *
 * @throws OutputError
 */
export async function print(text: string, to: keyof typeof STREAMS = 'stdout'): Promise<void> {
  try {
    const rest = writeNow(STREAMS[to], Buffer.from(text));
    if (rest.length > 0) await writeLater(process[to], rest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw new OutputError(error as Error); // node:fs throws nothing else.
  }
}

/** Node's own streams take it for written when a file takes but a part. @returns what a pipe that is full did not take. */
function writeNow(fd: number, bytes: Buffer): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return rest;
}

async function writeLater(stream: NodeJS.WriteStream, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  await promise;
}
