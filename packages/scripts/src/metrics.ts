/** How many runs had a start, by how they ended. Skipped runs never started. */
export interface ExecutedCounts {
  readonly succeeded: number;
  readonly failed: number;
}

/** The counts in the Prometheus text format, as `agent_scripts_executed_total{success}`. */
export function renderMetrics({ succeeded, failed }: ExecutedCounts): string {
  const name = 'agent_scripts_executed_total';
  return [
    `# HELP ${name} Script runs that have ended.`,
    `# TYPE ${name} counter`,
    `${name}{success="true"} ${succeeded}`,
    `${name}{success="false"} ${failed}`,
    '',
  ].join('\n');
}
