/** A manifest of scripts that never run before the agent stops; each needs two others before it. */
export function manifestOf(scripts: number): string {
  const lines = Array.from({ length: scripts }, (_, index) => {
    const needs = [index - 1, Math.floor(index / 2) - 1]
      .filter((other) => other >= 0)
      .map((other) => `script-${other}`);
    return `  script-${index}:\n    on: stop\n    needs: [${[...new Set(needs)].join(', ')}]\n    timeout: 5m\n    run: |\n      echo ${index}\n`;
  });
  return `version: 1\nscripts:\n${lines.join('')}`;
}
