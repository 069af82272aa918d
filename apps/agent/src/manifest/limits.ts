/**
 * What a manifest may contain at the most. Checked before the YAML is composed: a hostile or generated file must be
 * refused at once, not block the agent.
 */
export const MANIFEST_LIMITS = {
  /** Bytes of the file. */
  size: 1024 * 1024,
  /** Collections inside collections. A manifest needs four. */
  depth: 16,
  /** Keys of one map, so also scripts of a manifest. */
  keys: 10_000,
  /** Uses of anchors in the whole file, those inside other anchors included. */
  aliases: 100,
} as const;
