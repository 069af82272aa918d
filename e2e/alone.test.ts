import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AGENT, MUSTER } from './support/binaries.ts';
import { Workplace } from './support/workplace.ts';

/** Its script stops the agent, which so comes to its own end. */
const MANIFEST = `version: 1
scripts:
  last:
    run: kill -TERM "$(cat "$XDG_RUNTIME_DIR/muster/agent.pid")"
  nightly:
    cron: "0 3 * * *"
    timezone: Europe/Berlin
    run: exit 0
`;

/** A built program, copied to where no package is found: whatever it needs must be in its own files. */
async function copyOf(program: string, place: Workplace): Promise<string> {
  const source = path.resolve(path.dirname(program), '..');
  const copy = path.join(place.folder, 'copy');
  await cp(path.join(source, 'dist'), path.join(copy, 'dist'), { recursive: true });
  await cp(path.join(source, 'package.json'), path.join(copy, 'package.json'));
  return path.join(copy, 'dist', path.basename(program));
}

test.each(['json', 'pretty'])('the built agent needs no package beside it, with a log in %s', async (format) => {
  await using place = await Workplace.create();
  const agent = await copyOf(AGENT, place);
  const file = await place.write('workspace.yaml', MANIFEST);
  // pnpm sets NODE_PATH, through which packages would be found all the same.
  const command = ['-u', 'NODE_PATH', process.execPath, agent, 'run', file, '--log-format', format];
  const { exitCode, stderr } = await place.run('env', ...command);
  expect(stderr).toContain('@muster/sync-cli is missing');
  expect(stderr).toContain('stopping: SIGTERM');
  expect(exitCode).toBe(0);
});

test('the built command needs no package beside it, not even for what it loads late', async () => {
  await using place = await Workplace.create();
  await place.agent(`version: 1
external: [データベース, db]
scripts: {}
`);
  const command = await copyOf(MUSTER, place);
  const muster = (...words: readonly string[]) =>
    place.run('env', '-u', 'NODE_PATH', process.execPath, command, ...words);
  expect((await muster('list')).stdout).toMatchInlineSnapshot(`
    "UNIT          STATUS   OUTCOME  READY  RUN  DETAILS
    db            pending  -        yes    0
    データベース  pending  -        yes    0"
  `);
  expect((await muster('list', '--color', 'nevr')).stderr).toMatchInlineSnapshot(`
    "error: "nevr" is no value of --color.
    hint: Use one of auto, always, never. Did you mean "never"?"
  `);
  expect((await muster('lst')).stderr).toMatchInlineSnapshot(`
    "error: there is no command "lst".
    hint: Did you mean "list"? Run "muster --help" to see what there is."
  `);
});

test('what every call of the built command loads has no expression for which V8 reads the tables of Unicode', async () => {
  const code = await readFile(MUSTER, 'utf8');
  const texts = /String\.raw`[^`]*`/g; // Made into expressions by the calls that need them.
  expect(code.match(texts)?.join('')).toContain('\\p{');
  expect(code.replaceAll(texts, '')).not.toContain('\\p{');
});
