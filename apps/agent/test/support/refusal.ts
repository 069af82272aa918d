import { parseManifest } from '../../src/manifest/manifest.ts';
import { ManifestError } from '../../src/manifest/manifest-error.ts';

/** What a person reads who runs a wrong manifest. */
export function refusal(text: string): string {
  return refusalOf(() => parseManifest('workspace.yaml', text));
}

/** What a person reads where the action refuses a manifest. */
export function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ManifestError) return error.render();
    throw error;
  }
  throw new Error('the manifest was accepted');
}
