import * as z from 'zod';
import { methods, notifications, PROTOCOL_VERSION, WIRE_ERROR_CODES } from '../src/protocol/index.ts';

/** The protocol as an OpenRPC 1.3 document, from the table of methods. Notifications, which OpenRPC doesn't know, are under `x-notifications`. */
export function openrpcDocument(): object {
  return {
    openrpc: '1.3.2',
    info: {
      title: 'Muster socket',
      version: PROTOCOL_VERSION,
      description: 'JSON-RPC 2.0 on a unix socket, one JSON object a line. Parameters are passed by name.',
    },
    methods: Object.entries(methods).map(([name, { summary, params, result }]) => ({
      name,
      summary,
      paramStructure: 'by-name',
      params: contentDescriptors(z.toJSONSchema(params, { io: 'input' })),
      result: { name: 'result', schema: withoutDialect(z.toJSONSchema(result)) },
      errors: Object.keys(WIRE_ERROR_CODES).map((word) => ({ $ref: `#/components/errors/${word}` })),
    })),
    components: {
      errors: Object.fromEntries(
        Object.entries(WIRE_ERROR_CODES).map(([word, code]) => [word, { code, message: word, data: { code: word } }]),
      ),
    },
    'x-notifications': Object.entries(notifications).map(([name, { summary, params }]) => ({
      name,
      summary,
      params: withoutDialect(z.toJSONSchema(params)),
    })),
  };
}

function contentDescriptors({ properties = {}, required = [] }: z.core.JSONSchema.BaseSchema): object[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, required: required.includes(name), schema }));
}

function withoutDialect({ $schema: _, ...schema }: z.core.JSONSchema.BaseSchema): object {
  return schema;
}
