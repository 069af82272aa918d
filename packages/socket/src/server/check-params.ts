import { quote } from '@muster/unit';
import type * as z from 'zod';
import { type Method, methods } from '../protocol/methods.ts';
import { RequestError } from './request-error.ts';

/** Params as a handler gets them: checked, with defaults filled in. */
export type CheckedParams<M extends Method> = z.output<(typeof methods)[M]['params']>;

/** @throws RequestError `invalid_params` that names the first wrong field, what it is, and what it may be. */
export function checkParams<M extends Method>(method: M, params: unknown): CheckedParams<M> {
  const schema: z.ZodType = methods[method].params;
  const checked = schema.safeParse(params);
  if (checked.success) return checked.data as CheckedParams<M>; // Of this method's own schema.
  const [issue] = checked.error.issues;
  if (issue === undefined) throw new Error('a check that failed without an issue');
  throw RequestError.invalidParams(method, describe(issue, params));
}

function describe(issue: z.core.$ZodIssue, params: unknown): { message: string; field: string } {
  const field = fieldName(issue.path);
  const given = valueAt(params, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      return { field: key, message: `there is no field ${quote(cut(key))}` };
    }
    case 'invalid_type':
      if (given === undefined) return { field, message: `${field} is missing; it must be ${a(issue.expected)}` };
      return { field, message: `${field} must be ${a(issue.expected)}, not ${typeName(given)}` };
    case 'invalid_value':
      return { field, message: `${field} must be one of ${issue.values.map(String).join(', ')}, not ${show(given)}` };
    case 'too_small':
      return { field, message: `${field} must ${measure(issue.origin, `at least ${issue.minimum}`)}` };
    case 'too_big':
      return { field, message: `${field} must ${measure(issue.origin, `at most ${issue.maximum}`)}` };
    case 'invalid_union':
      return { field, message: `${field} must be a string or a number, not ${typeName(given)}` };
    default:
      return { field, message: `${field} is wrong: ${issue.message}` };
  }
}

function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'params';
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

function valueAt(params: unknown, path: readonly PropertyKey[]): unknown {
  let value = params;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key]; // Just checked.
  }
  return value;
}

function a(type: string): string {
  const name = type === 'int' ? 'whole number' : type;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'left out';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return a(typeof value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? quote(cut(value)) : typeName(value);
}

function measure(origin: string, bound: string): string {
  if (origin === 'string') return `have ${bound} characters`;
  return origin === 'array' ? `have ${bound} ${bound.endsWith(' 1') ? 'entry' : 'entries'}` : `be ${bound}`;
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
