import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

/** `npm run package -- --stage prod`: bundles, archives and CloudFormation template in `.serverless/`, offline. */
const root = join(import.meta.dirname, '../..');
await bundle({ isClean: true });
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/serverless/bin/serverless.js'), 'package', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
