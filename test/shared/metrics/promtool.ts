import { spawnSync } from 'node:child_process';

export interface Told {
  passed: boolean;
  output: string;
}

const isInstalled = spawnSync('promtool', ['--version']).status === 0;

/** Prometheus' own checker. Where it is missing, tests that need it are left out, but never in CI. */
export const hasPromtool = isInstalled || process.env.CI === 'true';

export function promtool(args: string[], input = ''): Told {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error) throw new Error('promtool is not installed: it comes with the package "prometheus"');
  return { passed: status === 0, output: `${stdout}${stderr}` };
}
