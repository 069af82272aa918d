/**
 * The environment of everything that is timed: this one without NODE_EXTRA_CA_CERTS, which adds the reading of a bundle of
 * certificates to every start of Node and so flatters every ratio, without all else that changes what Node does (options, a
 * compile cache), and without what would lead to another agent.
 */
export const CLEAN_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(?:NODE|MUSTER)_/.test(name) ? [] : [[name, value]],
  ),
);

const KEPT_CERTIFICATES = 'MUSTER_BENCH_CA_CERTS';
const certificates = process.env.NODE_EXTRA_CA_CERTS ?? process.env[KEPT_CERTIFICATES];

/** What bench.ts gives a question besides, so that npm reaches a registry behind a proxy although nothing timed reads certificates. */
export const CERTIFICATES_FOR_LATER = certificates === undefined ? {} : { [KEPT_CERTIFICATES]: certificates };

/** The environment of npm when it installs what is compared, which nobody times. */
export const INSTALL_ENV: Readonly<Record<string, string>> =
  certificates === undefined ? CLEAN_ENV : { ...CLEAN_ENV, NODE_EXTRA_CA_CERTS: certificates };
