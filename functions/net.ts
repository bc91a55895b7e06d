import { createNet, type Net } from '#net';
import type { Drover } from './ports.ts';

/** The way out of this installation. In the emulator, and only there, it leads to the same machine as well. */
export const netOf = ({ settings, clock }: Drover): Net =>
  createNet({
    clock,
    clusterTargets: settings.clusterTargets,
    webhookTargets: settings.webhookTargets,
    allowLoopback: process.env.IS_OFFLINE === 'true',
  });
