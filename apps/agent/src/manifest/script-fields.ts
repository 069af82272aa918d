/** What people are told about one key of a script. */
interface FieldHelp {
  /** Completes the sentence "… must be …". */
  readonly must: string;
  /** As it would stand in the manifest. */
  readonly example: string;
  /** Where what people look for here belongs; follows the example. */
  readonly elsewhere?: string;
  /** For editors, through the JSON Schema. */
  readonly description: string;
}

/** Every key that a script may have. The schema, the messages and docs/manifest.md come from or are held against it. */
export const SCRIPT_FIELDS = {
  run: {
    must: 'the text of a script',
    example: 'run: npm ci',
    description: 'The script. A first line with #! names its interpreter; otherwise the shell runs it.',
  },
  on: {
    must: 'start, stop, or a list of these',
    example: 'on: stop',
    elsewhere: 'a schedule is a key of its own, as in cron: "*/30 * * * *"',
    description: 'When it runs. Default: start; only on schedule where there is a cron pattern.',
  },
  cron: {
    must: 'a cron pattern in quotation marks',
    example: 'cron: "*/30 * * * *"',
    description: 'Five fields, or six with seconds first, or @hourly, @daily, @weekly, @monthly, @yearly.',
  },
  timezone: {
    must: 'the name of a time zone',
    example: 'timezone: Europe/Berlin',
    description: 'For the cron pattern. Default: the time zone of the agent.',
  },
  timeout: {
    must: 'a duration',
    example: 'timeout: 1h30m',
    description: 'The longest a run may take, as in 30s, 5m or 1h30m; 0 is for ever. Default: 0.',
  },
  needs: {
    must: 'a name or a list of names',
    example: 'needs: [clone, database]',
    description: 'Runs only when these have succeeded; is skipped if one ends otherwise.',
  },
  after: {
    must: 'a name or a list of names',
    example: 'after: [install]',
    description: 'Runs when these have ended, however they ended.',
  },
  log: {
    must: 'the path of a file',
    example: 'log: ./build.log',
    description:
      'One exact file for the output, opened for append; relative to the manifest. Default: one file per run.',
  },
  cwd: {
    must: 'the path of a directory',
    example: 'cwd: ./app',
    description: 'Where the script runs, relative to the manifest. Default: the directory of the manifest.',
  },
  env: {
    must: 'a map of names and values',
    example: 'env: { PORT: "8080" }',
    description: 'Environment of the script, added to that of the agent and of the manifest.',
  },
  shell: {
    must: 'the name or the path of a shell',
    example: 'shell: bash',
    description: 'Runs the script where it has no #! line. Default: the shell of the manifest, else sh.',
  },
  output: {
    must: 'combined or split',
    example: 'output: split',
    description: 'combined: one log in the exact order. split: standard error in a file of its own. Default: combined.',
  },
  address: {
    must: 'a unit name',
    example: 'address: module.dev.script.configure["main"]',
    description: 'The name of its unit, for example a Terraform address. Default: the name.',
  },
  name: {
    must: 'a name',
    example: 'name: Install dependencies',
    description: 'Shown to people, and the name of its unit where there is no address. Default: the key of the script.',
  },
} as const satisfies Record<string, FieldHelp>;

/** Every key that a manifest may have at the top. */
export const MANIFEST_FIELDS = {
  version: { must: '1', example: 'version: 1', description: 'The version of this format: 1.' },
  external: {
    must: 'a list of names',
    example: 'external: [database-restored]',
    description: 'Units that processes report through the socket. Scripts may depend on them.',
  },
  shell: SCRIPT_FIELDS.shell,
  env: {
    must: 'a map of names and values',
    example: 'env: { LANG: C.UTF-8 }',
    description: 'Environment of every script.',
  },
  scripts: {
    must: 'a map of names and scripts',
    example: 'scripts: { hello: { run: echo hello } }',
    description: 'The scripts, by name.',
  },
} as const satisfies Record<string, FieldHelp>;
