import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#time';
import { makeFolder } from '../../local/ownFolder.ts';
import { fail } from '../errors.ts';
import type { Fault } from '../faults/fault.ts';
import { type KeptController, writeSecret } from '../kept.ts';
import { Controller } from './controller.ts';
import type { Size } from './data/data.ts';
import { type ExposedController, exposeController } from './exposed.ts';
import type { Reach } from './federation/remote.ts';
import { asPrimary, type FederationState, federationState, standalone } from './federation/state.ts';
import type { Settings } from './settings.ts';

export interface ControllerSpec {
  readonly name: string;
  /** From the start; afterwards it is what became of it. */
  readonly isPrimary?: boolean;
  /**
   * It answers inside this cluster alone: through its API server, and to other controllers under its store's name.
   * Without that cluster there is none.
   */
  readonly inside?: string;
  readonly settings?: Partial<Settings>;
  readonly size?: Partial<Size>;
  readonly faults?: readonly Fault[];
}

export const defaultControllers: readonly ControllerSpec[] = [
  { name: 'primary', isPrimary: true },
  { name: 'store-1' },
  { name: 'store-2' },
  { name: 'store-3', size: { hosts: 5, services: 40, workloads: 160, registries: 4 } },
  { name: 'store-4', inside: 'development' },
];

/** A line of `neuvector.json`, for whoever wants to talk to a controller. Addresses are `host:port`. */
export interface ControllerEntry {
  readonly name: string;
  readonly role: 'primary' | 'member' | 'standalone';
  readonly rest: string;
  /** Null where there is none. */
  readonly federation: string | null;
  /** PEM. */
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  /** As X-Auth-Apikey takes it: `name:secret`. */
  readonly apiKey: string;
}

const user = 'admin';
const keyName = 'drover';
const roleNames = { master: 'primary', joint: 'member', '': 'standalone' } as const;

/** A controller of the world on its ports, as it was left. */
export async function openController(
  spec: ControllerSpec,
  given: { kept: KeptController; folder: string; seed: string; clock: Clock; reach: Reach },
): Promise<ExposedController> {
  const { kept, clock, seed } = given;
  const { port, federationPort, certificate, password, apiKeySecret } = kept;
  const { name, isPrimary = false, faults = [] } = spec;
  await makeFolder(given.folder);
  const file = new StateFile(join(given.folder, `${name}.json`));
  const before = await file.read();
  const state = before ?? firstState(name, isPrimary, federationPort);
  const role = state.role === 'master' ? 'fedAdmin' : 'admin';
  const controller = new Controller({
    name,
    seed,
    clock,
    users: [{ username: user, password, role }],
    keys: [{ name: keyName, secret: apiKeySecret, role }],
    state,
    reach: given.reach,
    keep: (state) => file.keep(state),
    ...(spec.settings && { settings: spec.settings }),
    ...(spec.size && { size: spec.size }),
  });
  // Tokens that it gives out count after a restart too.
  if (!before) file.keep(state);
  const exposed = await exposeController(controller, { certificate, port, federationPort, faults });
  const close = exposed[Symbol.asyncDispose];
  return {
    ...exposed,
    async [Symbol.asyncDispose]() {
      await close();
      await file.flush();
    },
  };
}

const firstState = (name: string, isPrimary: boolean, port: number): FederationState => ({
  ...standalone(),
  ...(isPrimary && { clusterName: name, ...asPrimary({ server: '127.0.0.1', port }) }),
});

const storeName = /^cn-wukong-r(.+)\.mcd\.store$/;

/** Names that stores are given lead to the controller of the store, as a name server and an ingress would lead there. */
export const reachIn =
  (kept: Readonly<Record<string, KeptController>>): Reach =>
  ({ server }) => {
    const own = kept[storeName.exec(server)?.[1] ?? ''];
    return own && { server: '127.0.0.1', port: own.port };
  };

export function entryOf(
  { controller, rest, federation }: ExposedController,
  kept: KeptController,
): ControllerEntry {
  const { role } = controller.state;
  return {
    name: controller.name,
    role: roleNames[role],
    rest: `127.0.0.1:${rest.port}`,
    federation: role === 'master' ? `127.0.0.1:${federation.port}` : null,
    ca: kept.certificate.certPem,
    user,
    password: kept.password,
    apiKey: `${keyName}:${kept.apiKeySecret}`,
  };
}

/** Written whole at each change; what changes while it is being written is written next. */
class StateFile {
  readonly #path: string;
  #latest: FederationState | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<FederationState | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return federationState.parse(JSON.parse(text));
    } catch (cause) {
      throw fail('WORLD_UNREADABLE', { file: this.#path }, { cause });
    }
  }

  keep(state: FederationState): void {
    this.#latest = state;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    while (this.#latest) {
      const text = JSON.stringify(this.#latest);
      this.#latest = undefined;
      await writeSecret(this.#path, text);
    }
    this.#writing = undefined;
  }

  flush(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }
}
