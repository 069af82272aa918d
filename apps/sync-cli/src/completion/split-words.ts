/** One stretch of a word: in single quotes, in double quotes, behind a backslash, or plain. A quote may still be open. */
const STRETCH = /'([^']*)'?|"((?:\\.|[^"\\])*)"?|\\(.?)|([^\s'"\\]+)/gsu;

/** A word: stretches without space between them. */
const WORD = /(?:'[^']*'?|"(?:\\.|[^"\\])*"?|\\.?|[^\s'"\\]+)+/gsu;

/**
 * The words of an unfinished command line as a POSIX shell would split it: quotes and backslashes are taken away, nothing
 * is expanded. The last word is the one being typed; it is empty after a space.
 */
export function splitWords(line: string): string[] {
  const found = [...line.matchAll(WORD)];
  const words = found.map(([word]) => unquote(word));
  const last = found.at(-1);
  if (last === undefined || last.index + last[0].length < line.length) words.push('');
  return words;
}

function unquote(word: string): string {
  let text = '';
  for (const [, single, double, escaped, plain] of word.matchAll(STRETCH)) {
    text += single ?? double?.replace(/\\(["$\\`])/g, '$1') ?? escaped ?? plain ?? '';
  }
  return text;
}
