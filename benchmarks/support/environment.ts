/**
 * The environment of everything that is timed: this one without NODE_EXTRA_CA_CERTS, which adds the reading of a bundle of
 * certificates to every start of Node and so flatters every ratio, and without what would lead to another agent.
 */
export const CLEAN_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'NODE_EXTRA_CA_CERTS' || name === 'NODE_OPTIONS' || name.startsWith('MUSTER_')
      ? []
      : [[name, value]],
  ),
);
