import { formatDuration } from '../duration.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textTable } from '../log/table.ts';
import { loadManifest, type Manifest } from '../manifest/manifest.ts';
import { ManifestError } from '../manifest/manifest-error.ts';
import { print } from '../process/print.ts';
import { startOrder } from './start-order.ts';

/** `muster-agent check`: says what a manifest would do, on standard output, or everything that is wrong with it. Nothing runs. */
export async function check({ file, json }: { file: string; json: boolean }): Promise<ExitCode> {
  try {
    const manifest = loadManifest(file);
    await print(json ? `${JSON.stringify(summary(manifest), null, 2)}\n` : words(manifest));
    for (const warning of json ? [] : manifest.warnings) await print(`warning: ${warning}\n`, 'stderr');
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    if (json) await print(`${JSON.stringify(refused(error), null, 2)}\n`);
    else await print(`${error.render()}\n`, 'stderr');
    return EXIT.badManifest;
  }
}

function refused({ file, problems }: ManifestError): object {
  const places = problems.map(({ line, column, message, hint }) => ({
    line: line ?? null,
    column: column ?? null,
    message,
    hint: hint ?? null,
  }));
  return { valid: false, file, problems: places };
}

function summary(manifest: Manifest): object {
  const scripts = startOrder(manifest.planned).map(({ script, unit, dependencies }) => ({
    script: script.id,
    unit,
    on: script.triggers,
    cron: script.cron ?? null,
    timezone: script.timezone ?? null,
    timeoutMs: script.timeoutMs ?? 0,
    dependencies,
  }));
  return { valid: true, file: manifest.file, external: manifest.external, scripts, warnings: manifest.warnings };
}

function words(manifest: Manifest): string {
  const count = manifest.scripts.length === 1 ? '1 script' : `${manifest.scripts.length} scripts`;
  const rows = startOrder(manifest.planned).map(({ script, unit, dependencies }) => [
    unit ?? '-',
    script.triggers.map((trigger) => (trigger === 'cron' ? `cron ${script.cron ?? ''}` : trigger)).join(', '),
    script.timeoutMs ? formatDuration(script.timeoutMs) : '-',
    dependencies.map(({ dependsOn, requires }) => `${dependsOn} (${requires})`).join(', ') || '-',
  ]);
  const table = rows.length === 0 ? '' : `\n${textTable(['UNIT', 'RUNS ON', 'TIMEOUT', 'WAITS FOR'], rows)}\n`;
  return `The manifest is right: ${count}.\n${table}`;
}
