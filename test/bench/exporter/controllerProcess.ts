import { once } from 'node:events';
import { day, systemClock } from '#time';
import { controllerCertificate } from '../../../infra/world/neuvector/certificate.ts';
import { Controller } from '../../../infra/world/neuvector/controller.ts';
import type { Size } from '../../../infra/world/neuvector/data/data.ts';
import { exposeController } from '../../../infra/world/neuvector/exposed.ts';

export interface ControllerTold {
  /** `host:port` */
  readonly address: string;
  readonly ca: string;
  readonly user: string;
  readonly password: string;
}

/** A simulated controller, in a process of its own so that the time and memory told are those of who reads it. */
const size = JSON.parse(process.argv[2]!) as Partial<Size>;
const login = { user: 'admin', password: 'a-good-password' };
const controller = new Controller({
  name: 'bench',
  seed: 'bench',
  clock: systemClock,
  users: [{ username: login.user, password: login.password, role: 'admin' }],
  size,
});
const now = Date.now();
const certificate = controllerCertificate({ notBefore: now - day, notAfter: now + day });
const { rest } = await exposeController(controller, { certificate });
process.send!({
  ...login,
  address: `127.0.0.1:${rest.port}`,
  ca: certificate.certPem,
} satisfies ControllerTold);
process.on('message', () => process.send!(process.cpuUsage()));
await once(process, 'disconnect');
process.exit(0);
