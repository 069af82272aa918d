import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, codeBlocks, inlineCode, localLinks, pages } from './support/markdown.ts';
import { exists, ROOT } from './support/tracked-files.ts';
import { workspaces } from './support/workspaces.ts';

const SCRIPTS = Object.keys(workspaces()[0]?.manifest.scripts ?? {});

/** Commands of pnpm itself that the pages use. */
const PNPM_COMMANDS = ['install', 'add', 'exec', 'pack', 'publish', 'approve-builds', 'vitest'];

/** The command lines of a page: what follows `$ ` in a console block, and every line of a shell block. */
function commandLines(page: string): readonly string[] {
  return codeBlocks(page).flatMap(({ language, text }) => {
    const lines = text.replace(/\\\n\s*/g, ' ').split('\n');
    if (language === 'console') return lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
    return ['sh', 'bash'].includes(language) ? lines.filter((line) => !/^\s*(#|$)/.test(line)) : [];
  });
}

/** The words of every call of `program`: one list for each call. */
function callsOf(program: RegExp, page: string): readonly (readonly string[])[] {
  const lines = [...commandLines(page), ...inlineCode(page)];
  const calls = lines.flatMap((line) => line.replace(/\s#\s.*$/, '').split(/&&|\|\|?|;|\$\(|\bif\b|\bthen\b|!|&/));
  return calls
    .map((call) => call.trim())
    .filter((call) => program.test(call))
    .map((call) => call.replace(program, '').replace(/[)]+$/, '').trim().split(/\s+/));
}

const screens = new Map<string, string>();

/** A help screen of one of the programs, run from source; each is asked for once. */
function helpOf(source: string, command: string): string {
  const key = `${source} ${command}`;
  const argv = ['--conditions=@muster/source', path.join(ROOT, source), command, '--help'];

  const screen = screens.get(key) ?? execFileSync(process.execPath, argv, { encoding: 'utf8', stdio: 'pipe' });
  screens.set(key, screen);
  return screen;
}

test.each(pages())('every link of %s leads somewhere', (page) => {
  const broken = localLinks(page).filter(
    ({ file, anchor }) => !exists(file) || (anchor !== '' && !anchorsOf(file).has(anchor)),
  );
  expect(broken.map(({ target }) => target)).toEqual([]);
});

test.each(pages())('every file that %s names exists', (page) => {
  const named = inlineCode(page).filter((code) =>
    /^(?:packages|apps|docs|examples|e2e|test|tools|benchmarks|\.ci)\/[\w./-]+$/.test(code),
  );
  expect(named.filter((file) => !file.includes('/dist/') && !exists(file))).toEqual([]);
});

test.each(pages())('every pnpm command of %s exists', (page) => {
  const unknown = callsOf(/^(?:npx -y pnpm@12|pnpm)(?=\s|$)/, page)
    .map((words) => words.filter((word) => !word.startsWith('-'))[0])
    .filter((word) => word !== undefined && word !== '' && /^[a-z]/.test(word));
  expect(
    unknown.filter((word) => ![...SCRIPTS, ...PNPM_COMMANDS].includes(word ?? '') && !word?.startsWith('@')),
  ).toEqual([]);
});

describe.each([
  { program: 'muster', source: 'apps/sync-cli/src/muster.ts' },
  { program: 'muster-agent', source: 'apps/agent/src/muster-agent.ts' },
])('the calls of $program in the pages', ({ program, source }) => {
  const call = new RegExp(`^(?:(?:npx -y pnpm@12|pnpm)(?: -\\w+)* )?${program}(?=\\s)`);

  test.each(pages())('have commands and options that exist, in %s', (page) => {
    const problems = callsOf(call, page).flatMap(([command = '', ...rest]) => {
      if (!/^[a-z]/.test(command)) return [];
      const screen = helpOf(source, command);
      const options = rest.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split(/[=\]]/)[0] ?? '');
      return options.filter((option) => !screen.includes(option)).map((option) => `${program} ${command} ${option}`);
    });
    expect(problems).toEqual([]);
  });
});
