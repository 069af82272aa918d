import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml';
import { MANIFEST_LIMITS } from './limits.ts';
import { ManifestError } from './manifest-error.ts';
import type { ManifestPath, ManifestProblem } from './problem.ts';

/** Where in the file, and what. */
interface Finding {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Whether the line may be shown: not where it holds a script or a value of the environment. */
  readonly showLine?: boolean;
}

/**
 * The text of a manifest as YAML, within {@link MANIFEST_LIMITS}, with the place of every value. JSON is YAML.
 *
 * Anchors, aliases and `<<` merges work; a second document, duplicate keys and unknown tags are problems.
 */
export class YamlSource {
  readonly #file: string;
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #document: Document;
  /** What is wrong with it as YAML. Where there is something, the values are a guess. */
  readonly problems: readonly ManifestProblem[];

  /** @throws ManifestError `invalid_manifest` where a limit is passed: such a file is not read any further. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#lines = new LineCounter();
    const composed = this.#compose();
    this.#document = composed.document;
    this.problems = [...composed.findings, ...this.#duplicateKeys()].map((finding) => this.#problem(finding));
  }

  /** The values as plain data. Keys that plain objects can't hold safely are still there, as own properties. */
  toPlain(): unknown {
    return this.#document.toJS({ maxAliasCount: MANIFEST_LIMITS.aliases });
  }

  /** The text of a scalar as its author wrote it, so that `1.10` stays `1.10`; null where there is none. */
  scalarText(path: ManifestPath): string | null {
    const node = this.#find(path).value;
    return isScalar(node) && node.source !== undefined ? node.source : null;
  }

  /** Whether the file has a value at that path. */
  has(path: ManifestPath): boolean {
    return this.#find(path).depth === path.length;
  }

  /** A problem at the value of a path, at its key where `atKey` is set, or at the nearest thing above that exists. */
  problemAt(
    path: ManifestPath,
    what: { message: string; hint?: string | undefined; atKey?: boolean; showLine?: boolean },
  ): ManifestProblem {
    const { key, value } = this.#find(path);
    const node = what.atKey ? (key ?? value) : (value ?? key);
    return this.#problem({ ...what, offset: node?.range?.[0] ?? 0 });
  }

  #problem({ offset, message, hint, showLine = true }: Finding): ManifestProblem {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length));
    const place = { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), message };
    const source = this.#text.split('\n', place.line)[place.line - 1]?.replace(/\r$/, '') ?? '';
    return { ...place, ...(hint === undefined ? {} : { hint }), ...(showLine ? { source } : {}) };
  }

  #compose(): { document: Document; findings: Finding[] } {
    // Duplicate keys are found below: the composer's own check compares each key with each.
    const composer = new Composer({ uniqueKeys: false, merge: true, logLevel: 'error' });
    const [document, second] = composer.compose(this.#tokens(), true, this.#text.length);
    if (document === undefined) throw new Error('the YAML composer gave no document'); // It was told to give one in any case.
    const findings = [...document.errors, ...document.warnings].map(({ pos, message, code }) => ({
      offset: pos[0],
      message: lowerFirst(withoutQuotation(message)),
      hint: YAML_HINTS[code],
    }));
    if (second !== undefined) {
      findings.push({
        offset: second.range[0],
        message: 'a second document begins here',
        hint: 'Keep one manifest in a file; remove the "---".',
      });
    }
    this.#checkAliases(document);
    return { document, findings };
  }

  /** The tokens of the text, given up as soon as a limit is passed. */
  #tokens() {
    const parser = new Parser(this.#lines.addNewLine);
    const tokens = [];
    this.#lines.addNewLine(0);
    for (const lexeme of new Lexer().lex(this.#text)) {
      tokens.push(...parser.next(lexeme));
      const top = parser.stack.at(-1);
      if (parser.stack.length > MANIFEST_LIMITS.depth + 2) {
        throw this.#refusal(parser.offset, `more than ${MANIFEST_LIMITS.depth} levels of nesting`);
      }
      if (top !== undefined && 'items' in top && top.items.length > MANIFEST_LIMITS.keys + 1) {
        throw this.#refusal(parser.offset, `more than ${MANIFEST_LIMITS.keys} entries in one map or list`);
      }
    }
    tokens.push(...parser.end());
    return tokens;
  }

  #checkAliases(document: Document): void {
    let aliases = 0;
    visit(document, {
      Alias: (_, alias) => {
        aliases += 1;
        if (aliases > MANIFEST_LIMITS.aliases) {
          throw this.#refusal(alias.range?.[0] ?? 0, `more than ${MANIFEST_LIMITS.aliases} aliases`);
        }
      },
    });
    if (aliases > 0 && document.errors.length === 0) this.#expandOnce(document);
  }

  /** Aliases inside anchors multiply: the composer counts what they come to, and refuses a bomb. */
  #expandOnce(document: Document): void {
    try {
      document.toJS({ maxAliasCount: MANIFEST_LIMITS.aliases });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw this.#refusal(0, `aliases that come to more than ${MANIFEST_LIMITS.aliases} in all`);
    }
  }

  #refusal(offset: number, what: string): ManifestError {
    const problem = this.#problem({
      offset,
      message: `the manifest has ${what}`,
      hint: 'Split it, or simplify it.',
      showLine: false,
    });
    return new ManifestError('invalid_manifest', this.#file, [problem]);
  }

  #duplicateKeys(): Finding[] {
    const findings: Finding[] = [];
    visit(this.#document, {
      Map: (_, map) => {
        findings.push(...this.#duplicatesOf(map));
      },
    });
    return findings;
  }

  #duplicatesOf(map: YAMLMap): Finding[] {
    const first = new Map<string, number>();
    const findings: Finding[] = [];
    for (const { key } of map.items) {
      const offset = (key as Node | null)?.range?.[0] ?? 0; // Keys of a parsed document are nodes.
      const name = keyText(key);
      if (name === null) {
        findings.push({ offset, message: 'a key must be a plain name', hint: 'Write name: value.' });
        continue;
      }
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, offset);
      else if (name !== '<<') findings.push(this.#duplicate(name, earlier, offset));
    }
    return findings;
  }

  #duplicate(name: string, earlier: number, offset: number): Finding {
    const message = `the key ${JSON.stringify(name)} is here twice, first in line ${this.#lines.linePos(earlier).line}`;
    return { offset, message, hint: 'Rename or remove one of them: the later one would replace the earlier.' };
  }

  /** The value of a path, or the nearest above it; `depth` says how many steps could be gone. */
  #find(path: ManifestPath): Place & { depth: number } {
    let found: Place = { key: null, value: this.#document.contents };
    for (const [depth, step] of path.entries()) {
      const parent = isAlias(found.value) ? (found.value.resolve(this.#document) ?? null) : found.value;
      const child = childOf(parent, step);
      if (child === null) return { ...found, depth };
      found = child;
    }
    return { ...found, depth: path.length };
  }
}

interface Place {
  readonly key: Node | null;
  readonly value: Node | null;
}

function childOf(parent: Node | null, step: string | number): Place | null {
  if (isSeq(parent)) {
    const value = parent.items[Number(step)] as Node | undefined; // Items of a parsed document are nodes.
    return value === undefined ? null : { key: null, value };
  }
  if (!isMap(parent)) return null;
  const pair = parent.items.findLast(({ key }) => keyText(key) === String(step)) as Pair<Node, Node | null> | undefined; // As above.
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

/** The name that a key gives; null for a map or a list as a key. */
function keyText(key: unknown): string | null {
  if (key === null) return '';
  if (!isScalar(key)) return null;
  return key.value === null ? '' : String(key.value);
}

/** The parser's words end with ": " and a piece of the file, which may be of a script or a password. */
function withoutQuotation(message: string): string {
  return message.replace(/(?<=\S): .*$/s, '');
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** What to do about the errors of the YAML parser that people meet most. */
const YAML_HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Give lines of one level the same number of spaces.',
  MISSING_CHAR: 'A bracket or a quotation mark may be missing, here or above.',
  MULTILINE_IMPLICIT_KEY: 'A colon, a quotation mark or some indentation may be missing.',
  BLOCK_AS_IMPLICIT_KEY: 'Put text that holds ": " between quotation marks.',
  BAD_SCALAR_START: 'Put text that begins with @, `, % or & between quotation marks.',
  BAD_ALIAS: 'Put text that begins with * between quotation marks.',
  TAG_RESOLVE_FAILED: 'Remove the tag, or put the text between quotation marks.',
  UNEXPECTED_TOKEN: 'A colon, a quotation mark or some indentation may be missing.',
};
