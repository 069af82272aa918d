import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Workplace } from './support/workplace.ts';

// The idioms are those that the public documentation of `coder exp sync` and of `gp` teaches, and that scripts in the wild use.

/** A manifest whose scripts are these, each under the shell that its first line names. */
function manifest(scripts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(scripts).map(([name, text]) => {
    const lines = text.trim().split('\n');
    return `  ${name}:\n    run: |\n${lines.map((line) => `      ${line.trimEnd()}\n`).join('')}`;
  });
  return `version: 1\nscripts:\n${entries.join('')}`;
}

/** What the scripts wrote down, in the order in which they did. */
async function journal(place: Workplace): Promise<readonly string[]> {
  return (await readFile(path.join(place.folder, 'journal'), 'utf8')).trim().split('\n');
}

describe('scripts written for coder exp sync', () => {
  test('want, start, work, complete', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      `external: [go]
${manifest({
  'editor script': `
#!/bin/bash
UNIT=acme.editor
coder exp sync want "$UNIT" "acme.checkout"
coder exp sync start "$UNIT" --timeout 10m
echo editor >> "$HOME/journal"
coder exp sync complete "$UNIT"`,
  'checkout script': `
#!/bin/bash
coder exp sync want acme.checkout go
coder exp sync start acme.checkout
echo checkout >> "$HOME/journal"
coder exp sync complete acme.checkout`,
})}`,
    );
    await agent.until((all) => all.get('acme.editor')?.status === 'pending');
    await place.muster('complete', 'go');
    const units = await agent.completed('editor script', 'checkout script');
    expect(await journal(place)).toEqual(['checkout', 'editor']);
    expect([...units].map(([name, { outcome }]) => [name, outcome])).toEqual([
      ['acme.checkout', 'succeeded'],
      ['acme.editor', 'succeeded'],
      ['checkout script', 'succeeded'],
      ['editor script', 'succeeded'],
      ['go', 'succeeded'],
    ]);
  });

  test('a trap that completes the unit, set before anything else, in a script that ends early', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      manifest({
        tools: `
#!/bin/sh
set -eu
trap 'coder exp sync complete acme-tools' EXIT
coder exp sync start acme-tools
echo tools >> "$HOME/journal"
exit 4`,
        after: `
#!/usr/bin/env bash
set -euo pipefail
trap 'coder exp sync complete acme-after' EXIT
coder exp sync want acme-after acme-tools
coder exp sync start --timeout 30m acme-after
echo after >> "$HOME/journal"`,
      }),
    );
    const units = await agent.completed('tools', 'after');
    expect(await journal(place)).toEqual(['tools', 'after']);
    expect(units.get('tools')).toMatchObject({ outcome: 'failed', exitCode: 4 });
    expect(units.get('acme-after')).toMatchObject({ outcome: 'succeeded' });
  });

  test('a careful script: is coder there, a list of dependencies, what is noisy hidden, a clean-up that knows if it started', async () => {
    await using place = await Workplace.create();
    const careful = `
#!/bin/bash
set -euo pipefail
UNIT=assistant
NEEDED="checkout, settings ,"
STARTED=0
if command -v coder > /dev/null 2>&1; then
  IFS=',' read -ra LIST <<< "$NEEDED"
  for each in "\${LIST[@]}"; do
    each=$(echo "$each" | xargs)
    if [ -n "$each" ]; then
      coder exp sync want "$UNIT" "$each" > /dev/null 2>&1 || echo "no dependency on $each"
    fi
  done
  if coder exp sync start "$UNIT" > /dev/null 2>&1; then STARTED=1; fi
else
  echo "without coder" >> "$HOME/journal"
fi
finish() {
  if [ "$STARTED" -eq 1 ]; then coder exp sync complete "$UNIT" > /dev/null 2>&1 || true; fi
}
trap finish EXIT
echo "assistant $STARTED" >> "$HOME/journal"
false`;
    const agent = await place.agent(
      manifest({
        run: careful,
        first: 'coder exp sync start checkout; echo checkout >> "$HOME/journal"; coder exp sync complete checkout',
        second: `
coder exp sync want settings checkout
coder exp sync start settings && echo settings >> "$HOME/journal"
coder exp sync complete settings`,
      }),
    );
    const units = await agent.completed('run', 'first', 'second');
    expect(await journal(place)).toEqual(['checkout', 'settings', 'assistant 1']);
    expect(units.get('run')).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(units.get('assistant')).toMatchObject({ status: 'completed' });
  });

  test('a phase that is complete while its script goes on', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      manifest({
        app: `
set -e
coder exp sync start install-dependencies
echo install >> "$HOME/journal"
coder exp sync complete install-dependencies
coder exp sync want app-rest lint-phase
coder exp sync start app-rest
echo build >> "$HOME/journal"`,
        lint: `
set -e
coder exp sync want lint-phase install-dependencies
coder exp sync start lint-phase
echo lint >> "$HOME/journal"
coder exp sync complete lint-phase`,
      }),
    );
    await agent.completed('app', 'lint');
    expect(await journal(place)).toEqual(['install', 'lint', 'build']);
  });

  test('a script whose unit has the name that it has in the manifest', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      manifest({
        ide: `
set -e
trap 'coder exp sync complete ide' EXIT
coder exp sync want ide checkout
coder exp sync start ide
echo ide >> "$HOME/journal"`,
        checkout: `
set -e
trap 'coder exp sync complete checkout' EXIT
coder exp sync start checkout
until muster status ide --json | grep -q '"dependsOn": "checkout"'; do :; done
echo checkout >> "$HOME/journal"`,
      }),
    );
    const units = await agent.completed('ide', 'checkout');
    expect(await journal(place)).toEqual(['checkout', 'ide']);
    expect([...units.values()].map(({ outcome, run }) => [outcome, run])).toEqual([
      ['succeeded', 1],
      ['succeeded', 1],
    ]);
  });

  test('looking: ping, status and list, as text and as JSON, also where the unit is not there', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      manifest({
        look: `
set -e
exec > "$HOME/journal"
coder exp sync ping
coder exp sync status look
coder exp sync status git-clone --output json | grep status
coder exp sync list -o json | grep unit_name
coder exp sync list
coder exp sync complete git-clone 2> /dev/null || echo "refused: $?"`,
      }),
    );
    await agent.completed('look');
    expect((await journal(place)).map((line) => line.trimEnd())).toEqual([
      'Success',
      'Unit: look',
      'Status: started',
      'Ready: true',
      '',
      'Dependencies:',
      'No dependencies found',
      '  "status": "",',
      '    "unit_name": "look",',
      'UNIT  STATUS   READY',
      'look  started  true',
      'refused: 1',
    ]);
  });

  test('what is not for muster goes to the real program, which a script may bring itself', async () => {
    await using place = await Workplace.create();
    await place.write('bin/coder', '#!/bin/sh\necho "real coder: $*"\nexit 6\n');
    await place.run('chmod', '+x', `${place.folder}/bin/coder`);
    const agent = await place.agent(
      manifest({
        login: `
coder login --token x >> "$HOME/journal"
echo "$?" >> "$HOME/journal"
coder exp sync ping >> "$HOME/journal"
gp url 3000 2>> "$HOME/journal"
echo "$?" >> "$HOME/journal"`,
      }),
    );
    await agent.completed('login');
    expect(await journal(place)).toEqual([
      'real coder: login --token x',
      '6',
      'Success',
      expect.stringMatching(/^gp: no other gp comes later on the PATH/),
      '127',
    ]);
  });
});

describe('tasks written for gp sync-await and gp sync-done', () => {
  test('several tasks wait for a name before anyone has mentioned it', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      `external: [all-wait]
${manifest({
  server: `
gp sync-await bundle && echo server >> "$HOME/journal"`,
  assets: `
if command -v gp > /dev/null; then
  gp sync-await bundle
fi
echo assets >> "$HOME/journal"`,
  install: `
muster want go all-wait && muster start go
echo install >> "$HOME/journal" && gp sync-done bundle # any name will do
gp sync-done bundle`,
})}`,
    );
    await agent.until((units) =>
      ['server', 'assets', 'install'].every((name) => units.get(name)?.status === 'started'),
    );
    expect((await agent.units()).has('bundle')).toBe(false);
    await place.muster('complete', 'all-wait');
    const units = await agent.completed('server', 'assets', 'install');
    const [first, ...rest] = await journal(place);
    expect([first, ...rest.sort()]).toEqual(['install', 'assets', 'server']);
    expect([...units.keys()]).toEqual(['all-wait', 'assets', 'bundle', 'go', 'install', 'server']);
    expect(units.get('bundle')).toMatchObject({ outcome: 'succeeded', run: 1 });
  });

  test('what comes after && does not run when the awaited script of the manifest has failed', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(
      manifest({
        install: 'exit 3',
        start: 'gp sync-await install && echo started >> "$HOME/journal"',
        other: 'gp sync-await install || echo "gave up: $?" >> "$HOME/journal"',
      }),
    );
    const units = await agent.completed('start', 'other');
    expect(units.get('start')).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(await journal(place)).toEqual(['gave up: 1']);
  });
});
