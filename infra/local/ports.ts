import { fail } from './errors.ts';
import { whyTaken } from './whyTaken.ts';

const highest = 65_535;

/** The emulator's own port follows the server's, so that two runs with ports of their own do not meet. */
export const lambdaPortFor = (port: number): number =>
  port + 1_000 <= highest ? port + 1_000 : port - 1_000;

export async function requireFree(port: number, serverPort: number): Promise<void> {
  const cause = await whyTaken(port);
  if (cause !== undefined)
    throw fail('PORT_BUSY', { port, other: serverPort < highest ? serverPort + 1 : 8080 }, { cause });
}
