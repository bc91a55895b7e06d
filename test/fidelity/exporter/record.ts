import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scenarios } from '../../shared/neuvector/exporter/scenarios.ts';
import { answeringServer } from './answeringServer.ts';
import { runOfficial } from './python.ts';
import { recordings, timeZones } from './recordings.ts';

/** `npm run fidelity:exporter:record`: writes what the official exporter says of each scenario to recorded/. */
await mkdir(recordings, { recursive: true });
for (const [name, answers] of Object.entries(scenarios)) {
  await using server = await answeringServer(answers);
  const login = { address: server.address, user: 'admin', password: 'any' };
  for (const [timeZone, suffix] of Object.entries(name === 'usual' ? timeZones : { UTC: '' })) {
    const { text } = await runOfficial(login, { timeZone });
    await writeFile(join(recordings, `${name}${suffix}.txt`), text);
  }
}
