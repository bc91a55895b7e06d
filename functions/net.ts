import { createNet, type Net } from '#net';
import type { Drover } from './ports.ts';

let made: Net | undefined;

/**
 * The way out of this installation, one per process: its caps on name look-ups hold for all that is sent. In the
 * emulator, and only there, it leads to the same machine as well.
 */
export function netOf({ settings, clock }: Drover): Net {
  made ??= createNet({
    clock,
    clusterTargets: settings.clusterTargets,
    webhookTargets: settings.webhookTargets,
    allowLoopback: process.env.IS_OFFLINE === 'true',
  });
  return made;
}
