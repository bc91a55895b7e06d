// Plain JavaScript, because an older Node must be able to read it far enough to say what is wrong.
import { fileURLToPath } from 'node:url';

const needed = 24;
const found = Number(process.versions.node.split('.')[0]);
if (found < needed) {
  const command = process.env.npm_lifecycle_event === 'world' ? 'npm run world' : 'npm start';
  const isChinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
  console.error(
    isChinese
      ? `Drover 需要 Node ${needed}，当前是 ${process.version}。请在本目录执行 npm install（它会自带 Node ${needed}），然后执行 ${command}。`
      : `Drover needs Node ${needed} and was started with ${process.version}. Run npm install here (it brings Node ${needed}), then ${command}.`,
  );
  process.exit(1);
}
// Compiled code is kept for the next start, which then takes two thirds of the time; what is started takes part.
const { enableCompileCache } = await import('node:module');
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../.build/cache', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);
