import { fail } from './errors.ts';
import { whyTaken } from './whyTaken.ts';

const highest = 65_535;

/** The emulator's own port follows the server's, so that two runs with ports of their own do not meet. */
export const lambdaPortFor = (port: number): number =>
  port + 1_000 <= highest ? port + 1_000 : port - 1_000;

type PortSetting = 'SERVER_PORT' | 'EXPORTER_PORT';

/** Throws where somebody has it; `given` is what the setting says from which it follows. */
export async function requireFree(port: number, setting: PortSetting, given: number): Promise<void> {
  const cause = await whyTaken(port);
  if (cause !== undefined) throw busy(port, setting, given, cause);
}

/** The exporter's, which nobody may have, we ourselves included. */
export async function requireFreeBeside(port: number, own: readonly number[]): Promise<void> {
  if (own.includes(port)) throw busy(port, 'EXPORTER_PORT', Math.max(...own));
  await requireFree(port, 'EXPORTER_PORT', port);
}

const busy = (port: number, setting: PortSetting, given: number, cause?: unknown) =>
  fail('PORT_BUSY', { port, setting, other: given < highest ? given + 1 : 8080 }, { cause });
