// Fills the page template once, so that the server has something that was really built.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const template = await readFile('page.html', 'utf8');
await mkdir('built', { recursive: true });
await writeFile('built/page.html', template.replace('{{node}}', process.version));
process.stdout.write('built/page.html is written\n');
