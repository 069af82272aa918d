import path from 'node:path';
import { read, trackedFiles } from './tracked-files.ts';

/** A link of a page to something in this repository. */
export interface LocalLink {
  readonly page: string;
  /** As it is written. */
  readonly target: string;
  /** The file that is meant, as a path from the root. */
  readonly file: string;
  /** What stands after `#`, or an empty text. */
  readonly anchor: string;
}

/** A fenced block of code with the line it begins on. */
export interface CodeBlock {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every page of documentation, as paths from the root. */
export function pages(): readonly string[] {
  return trackedFiles(/\.md$/).filter((file) => !file.startsWith('.changeset/'));
}

/** The links of a page to files and headings of this repository; what stands in code is no link. */
export function localLinks(page: string): readonly LocalLink[] {
  const prose = read(page)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return targets.flatMap(([, target]) => {
    if (target === undefined || /^[a-z]+:/i.test(target)) return [];
    const [file = '', anchor = ''] = target.split('#');
    const meant = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
    return [{ page, target, file: meant.replace(/\/$/, ''), anchor }];
  });
}

/** The anchors of a page's headings, as code hosts derive them: lower case, spaces to hyphens, a number for repeats. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const [, heading] of withoutCode(read(page)).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const slug = slugOf(heading ?? '');
    const seen = counts.get(slug) ?? 0;
    counts.set(slug, seen + 1);
    anchors.add(seen === 0 ? slug : `${slug}-${seen}`);
  }
  return anchors;
}

/** The fenced blocks of a page. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  const text = read(page);
  return [...text.matchAll(/^ *```(\w*)[^\n]*\n([\s\S]*?)^ *```/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** The `inline code` of a page. */
export function inlineCode(page: string): readonly string[] {
  return [...withoutCode(read(page)).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
}

function withoutCode(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```/gm, '');
}

function slugOf(heading: string): string {
  const words = heading.replace(/`|\*|\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}
