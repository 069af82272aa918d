import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AGENT, ROOT } from './support/binaries.ts';
import { Workplace } from './support/workplace.ts';

const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');

/** The fenced blocks of one language. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text ?? '',
  );
}

/** The calls of `muster` in the README, each with what it printed. */
function shownCalls(): readonly { readonly argv: readonly string[]; readonly output: string }[] {
  const session = blocks('console').find((block) => block.includes('-s muster '));
  return (session ?? '').split(/^\$ npx -y pnpm@12 -s muster /m).flatMap((call) => {
    const [command = '', ...output] = call.trimEnd().split('\n');
    return command === '' ? [] : [{ argv: command.split(' '), output: output.join('\n') }];
  });
}

/** What differs from run to run: how often the heartbeat has run. */
const steady = (text: string) => text.replace(/^(heartbeat +).*$/gm, '$1…').trimEnd();

test('the session with muster that the README shows is what the commands print', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent('examples/dev-workspace/workspace.yaml');
  await agent.completed('serve', 'fetch', 'release', 'report', 'heartbeat');
  expect(shownCalls().length).toBeGreaterThan(4);
  for (const { argv, output } of shownCalls()) {
    const { stdout, stderr } = await place.muster(...argv);
    expect(steady([stdout, stderr].filter((text) => text !== '').join('\n'))).toBe(steady(output));
  }
});

test('the start that the README shows has the units of the example, with their outcomes', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent('examples/dev-workspace/workspace.yaml');
  await agent.completed('serve', 'fetch', 'release', 'report', 'heartbeat');
  const shown = blocks('console').find((block) => block.includes('UNIT ')) ?? '';
  const rows = shown.slice(shown.indexOf('UNIT ')).split('\n\n')[0]?.trim().split('\n').slice(1) ?? [];
  const units = [...(await agent.units()).values()];
  const actual = units.map(({ unit, status, outcome }) => [unit, status, outcome ?? '-']);
  expect(rows.map((row) => row.split(/ +/).slice(0, 3)).sort()).toEqual(actual.sort());
});

test.each(blocks('ts').map((program) => [/^import .*'(@muster\/[\w/]+)';$/m.exec(program)?.[1], program]))(
  'the program with %s in the README prints what its comments say',
  async (_name, program) => {
    await using place = await Workplace.create();
    // Below this folder, so that the packages are found as they are installed.
    const folder = await mkdtemp(path.join(import.meta.dirname, '.probe-'));
    try {
      const file = path.join(folder, 'program.ts');
      await writeFile(file, program ?? '');
      const { stdout, stderr, exitCode } = await place.run(process.execPath, file);
      const said = [...(program ?? '').matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
      expect({ stdout, stderr, exitCode }).toEqual({ stdout: said.join('\n'), stderr: '', exitCode: 0 });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('the manifest that the README shows is a right one', async () => {
  await using place = await Workplace.create();
  const [manifest = ''] = blocks('yaml');
  const file = await place.write('workspace.yaml', manifest);
  const { exitCode, stderr } = await place.run(process.execPath, AGENT, 'check', file);
  expect([exitCode, stderr]).toEqual([0, '']);
});
