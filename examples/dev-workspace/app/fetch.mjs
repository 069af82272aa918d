// Prints what the address on the command line answers; fails where it answers with an error.
const address = process.argv[2];
const response = await fetch(address);
if (!response.ok) throw new Error(`${address} answered ${response.status}`);
process.stdout.write(`${address}: ${(await response.text()).trim().split('\n').at(-1)}\n`);
