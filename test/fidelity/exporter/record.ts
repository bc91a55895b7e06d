import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answeringServer } from './answeringServer.ts';
import { runOfficial } from './python.ts';
import { recordings, scenarioFiles } from './recordings.ts';

/** `npm run fidelity:exporter:record`: writes what the official exporter says of each scenario to recorded/. */
await mkdir(recordings, { recursive: true });
for (const { file, answers, timeZone } of scenarioFiles) {
  await using server = await answeringServer(answers);
  const login = { address: server.address, user: 'admin', password: 'any' };
  const { text } = await runOfficial(login, { timeZone });
  await writeFile(join(recordings, `${file}.txt`), text);
}
