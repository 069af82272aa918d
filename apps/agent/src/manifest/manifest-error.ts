import { type ManifestProblem, renderProblem } from './problem.ts';

/** Which part of reading a manifest failed. Closed. */
export const MANIFEST_ERROR_CODES = ['unreadable_manifest', 'invalid_manifest'] as const;
export type ManifestErrorCode = (typeof MANIFEST_ERROR_CODES)[number];

/** A manifest that can't be used, with everything that is wrong with it, in the order of the file. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  readonly file: string;
  readonly problems: readonly ManifestProblem[];

  constructor(code: ManifestErrorCode, file: string, problems: readonly ManifestProblem[]) {
    super(problems.map((problem) => problem.message).join('; '));
    this.code = code;
    this.file = file;
    this.problems = problems;
  }

  /** The problems for people, each with its source line, and a last line that counts them. */
  render(): string {
    const count = this.problems.length === 1 ? '1 problem' : `${this.problems.length} problems`;
    return `${this.problems.map(renderProblem).join('\n\n')}\n\n${count}. Nothing was started.`;
  }
}
