import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const goFolder = join(import.meta.dirname, 'go');

const goMod = readFileSync(join(goFolder, 'go.mod'), 'utf8');

/** go.mod is the one place that says which versions the control plane is made of. */
function required(pattern: RegExp): string {
  const found = pattern.exec(goMod)?.[1];
  if (found === undefined) throw new Error(`${join(goFolder, 'go.mod')} holds no ${pattern}`);
  return found;
}

/** `v1.37.1` */
export const kubernetesVersion = required(/^\tk8s\.io\/kubernetes (v\S+)$/m);
export const kwokVersion = required(/^\tsigs\.k8s\.io\/kwok (v\S+)$/m);
/** `1.26.0` */
export const goNeeded = required(/^go (\S+)$/m);

/** `1.37` of `v1.37.1` */
export const minorOf = (version: string): string => version.replace(/^v?(\d+\.\d+)\..*/, '$1');
