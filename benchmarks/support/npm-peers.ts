import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CLEAN_ENV, INSTALL_ENV } from './environment.ts';

/** The table of the peers from npm and their versions. */
const TABLE = join(import.meta.dirname, '../peers/package.json');

/** Kept from run to run, below a folder that git ignores. */
const CACHE = join(import.meta.dirname, '../node_modules/.cache/peers');

/** How long npm may take, in milliseconds. */
const PATIENCE_MS = 180_000;

/** A registry that can't be reached shall be noticed soon. */
const HURRY = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];

/** The environment of a peer: without what `pnpm bench` leaves for its scripts, which some peers take for their own call. */
export const PEER_ENV: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(CLEAN_ENV).filter(([name]) => !name.startsWith('npm_') && !name.startsWith('TURBO_')),
  ),
  npm_config_update_notifier: 'false',
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** The peers from npm, installed. */
export class NpmPeers {
  /** As a `node_modules` that scripts can be run below. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Installs what the table names, without running any install script, unless it is there. Where that fails, says what is
   * missing and why, and resolves with null.
   */
  static install(): NpmPeers | null {
    const table = readFileSync(TABLE, 'utf8');
    const stamp = join(CACHE, 'package.json');
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== table) {
      const reason = installAnew(table);
      if (reason !== null) {
        const names = Object.entries(JSON.parse(table).dependencies).map(([name, version]) => `${name} ${version}`);
        console.log(`Missing, since npm could not install them: ${names.join(', ')}.\n${reason}`);
        return null;
      }
    }
    return new NpmPeers(join(CACHE, 'node_modules'));
  }

  /** The file of a command. */
  command(name: string): string {
    return join(this.folder, '.bin', name);
  }

  /** Loads a library. The type is what the caller knows of it. */
  load<T>(name: string): T {
    return createRequire(join(this.folder, 'peers.cjs'))(name);
  }
}

/** Into another folder first, so that what is cut short leaves nothing that looks whole. @returns why it failed, or null. */
function installAnew(table: string): string | null {
  const fresh = `${CACHE}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'package.json'), table);
  const argv = [
    'install',
    '--ignore-scripts',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...HURRY,
  ];
  const { status, stderr, error } = spawnSync('npm', argv, {
    cwd: fresh,
    env: INSTALL_ENV,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  if (status !== 0) return error?.message ?? stderr.trim();
  rmSync(CACHE, { recursive: true, force: true });
  renameSync(fresh, CACHE);
  return null;
}
