import { clusterShelf } from '#clusters/worker';
import { coreArea } from '#core';
import { DroverError, say } from '#errors';
import { joinShelf } from '#join/worker';
import { createEngine } from '#reconcile';
import { addKey, countKeys, keepKey, type RotationNews, type RotationPorts, rotateKeys } from '#secrets';
import { iso } from '#time';
import { buildDrover } from '../../functions/ports.ts';
import { keeperOf, keyFileOf } from '../../functions/vault.ts';
import { languageOf } from '../local/errors.ts';
import { sentenceOf } from '../local/say.ts';
import { findInstallation } from './installation.ts';
import { readOptions, usualSettle } from './options.ts';
import { counted, saidNews } from './say.ts';
import { webhookShelf } from './webhookShelf.ts';

/** `npm run keys:rotate`: new keys for all that is sealed, also beside a running Drover. See docs/runbook.md. */
const language = languageOf(process.env);

async function run(): Promise<void> {
  const { isDry, settle } = readOptions(process.argv.slice(2));
  await using installation = await findInstallation(process.env);
  const ports = rotationOf(installation.environment);
  if (isDry) return console.log(say(counted, language, { ...(await countKeys(ports)) }));
  await rotateKeys(ports, {
    settle: settle ?? (installation.isRunning ? usualSettle : 0),
    say: (news: RotationNews) => console.log(`${iso(Date.now())} ${saidNews(news, language)}`),
  });
}

function rotationOf(environment: NodeJS.ProcessEnv): RotationPorts {
  const drover = buildDrover(environment);
  const { settings, table, clock } = drover;
  // Nobody is called: what a resealed row has left to do, the next tick finds.
  const nobody = { work: async () => undefined, tick: async () => undefined, call: async () => null };
  const core = createEngine(coreArea, { ...drover, couriers: nobody }).records;
  const path = keyFileOf(settings);
  return {
    table,
    clock,
    keeper: keeperOf(settings),
    ...(settings.kmsKey === undefined && {
      wrapping: { add: (name) => addKey(path, name), keep: (name) => keepKey(path, name) },
    }),
    shelves: [clusterShelf(table), joinShelf(table), webhookShelf(core)],
  };
}

try {
  await run();
} catch (error) {
  console.error(error instanceof DroverError ? sentenceOf(error, language) : error);
  process.exitCode = 1;
}
