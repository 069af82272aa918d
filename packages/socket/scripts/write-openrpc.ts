import { writeFileSync } from 'node:fs';
import { openrpcDocument } from './openrpc-document.ts';

writeFileSync(new URL('../openrpc.json', import.meta.url), `${JSON.stringify(openrpcDocument(), null, 2)}\n`);
