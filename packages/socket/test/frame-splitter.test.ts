import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, FrameSplitter } from '../src/frame-splitter.ts';

const TRANSCRIPT = '{"a":1}\n\r\n\n{"name":"größe 🚀"}\r\nlast\n';
const FRAMES = ['{"a":1}', '{"name":"größe 🚀"}', 'last'];

function feed(chunks: Iterable<Buffer>, limit = 1_000): { texts: string[]; overflowed: boolean } {
  const splitter = new FrameSplitter(limit);
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    for (let frame = splitter.next(); frame !== null; frame = splitter.next()) {
      frames.push(frame);
      if (frame.kind === 'too_large') break;
    }
  }
  const texts = frames.flatMap((frame) => (frame.kind === 'frame' ? [frame.text] : []));
  return { texts, overflowed: frames.some(({ kind }) => kind === 'too_large') };
}

test('frames are the same wherever the stream is cut in two or three', () => {
  const bytes = Buffer.from(TRANSCRIPT);
  for (let first = 0; first <= bytes.length; first += 1) {
    for (let second = first; second <= bytes.length; second += 1) {
      const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      expect(feed(chunks).texts).toEqual(FRAMES);
    }
  }
});

test('frames are the same byte by byte, where characters of several bytes are cut too', () => {
  expect(feed([...Buffer.from(TRANSCRIPT)].map((byte) => Buffer.from([byte]))).texts).toEqual(FRAMES);
});

test('frames that come while none is taken are all there later', () => {
  const splitter = new FrameSplitter(1_000);
  for (const chunk of ['one\nt', 'wo\nthree', '\n']) splitter.push(Buffer.from(chunk));
  const texts = [splitter.next(), splitter.next(), splitter.next()].map(
    (frame) => frame?.kind === 'frame' && frame.text,
  );
  expect(texts).toEqual(['one', 'two', 'three']);
  expect(splitter.next()).toBeNull();
  expect(splitter.hasPartialFrame).toBe(false);
});

test('a frame of exactly the limit passes, with either line end', () => {
  expect(feed([Buffer.from(`${'x'.repeat(10)}\n${'y'.repeat(10)}\r\n`)], 10).texts).toEqual([
    'x'.repeat(10),
    'y'.repeat(10),
  ]);
});

test('a frame over the limit ends all frames, whether or not its newline has come', () => {
  expect(feed([Buffer.from(`ok\n${'x'.repeat(11)}\nafter\n`)], 10)).toEqual({ texts: ['ok'], overflowed: true });
  expect(feed([Buffer.from('x'.repeat(12))], 10)).toEqual({ texts: [], overflowed: true });
});

test('the rest after the last newline comes out at the end', () => {
  const splitter = new FrameSplitter(10);
  splitter.push(Buffer.from('a\nb'));
  expect(splitter.next()).toEqual({ kind: 'frame', text: 'a' });
  expect(splitter.next()).toBeNull();
  expect(splitter.hasPartialFrame).toBe(true);
  expect(splitter.end()).toEqual({ kind: 'frame', text: 'b' });
  expect(splitter.end()).toBeNull();
});

test('any bytes in any chunks give the lines that splitting the whole text gives', () => {
  const chunk = fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.map((byte) => (byte < 80 ? 10 : byte)));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
      const whole = Buffer.concat(chunks);
      const lines: string[] = [];
      let start = 0;
      for (let at = whole.indexOf(10); at !== -1; at = whole.indexOf(10, start)) {
        if (at > start) lines.push(whole.subarray(start, at).toString('utf8'));
        start = at + 1;
      }
      expect(feed(chunks.map((bytes) => Buffer.from(bytes))).texts).toEqual(lines);
    }),
    { numRuns: 2_000 },
  );
});
