import { appPortsOf } from '../../functions/appPorts.ts';
import { createApp } from '../../functions/http/app.ts';
import { areaRoutes } from '../../functions/http/areaRoutes.ts';
import { buildDrover } from '../../functions/ports.ts';

/** `npm run -s docs:openapi > openapi.json`: the document as the API answers it. Asks neither store nor network. */
const app = createApp(
  { ...appPortsOf(buildDrover({ DROVER_STORE_ENDPOINT: 'http://127.0.0.1:1' })), flush: async () => {} },
  areaRoutes,
);
const answer = await app.request('/openapi.json');
console.log(JSON.stringify(await answer.json(), null, 2));
