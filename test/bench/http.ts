import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run bench:http [requests] [port]`: requests a second under the emulator, in both handler modes. */
const requests = Number(process.argv[2] ?? 600);
const port = Number(process.argv[3] ?? 18_080);
const root = fileURLToPath(new URL('../..', import.meta.url));
const address = `http://127.0.0.1:${port}`;

for (const mode of ['in one process', 'in threads']) {
  const data = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  const drover = await start(data, mode === 'in threads' ? ['--threads'] : []);
  try {
    const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
    for (const path of ['/health', '/api/v1/whoami', '/api/v1/tokens']) {
      for (const atOnce of [1, 8]) {
        await load(path, token, atOnce, Math.ceil(requests / 4));
        const { perSecond, p50, p99 } = await load(path, token, atOnce, requests);
        console.log(
          `handlers ${mode}: ${path.padEnd(15)} ${atOnce} at once: ${perSecond} a second, p50 ${p50} ms, p99 ${p99} ms`,
        );
      }
    }
  } finally {
    drover.kill('SIGTERM');
    await new Promise((resolve) => drover.once('close', resolve));
    rmSync(data, { recursive: true, force: true });
  }
}

async function start(data: string, args: string[]) {
  const child = spawn(process.execPath, [join(root, 'infra/local/start.mjs'), ...args], {
    env: { ...process.env, SERVER_PORT: String(port), DROVER_DATA: data, LANG: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('Ctrl-C') && resolve());
    child.once('exit', (code) => reject(new Error(`Drover ended with ${code} before it was ready.`)));
  });
  return child;
}

/** So many requests, of which so many are under way at any time. Every answer must be 200. */
async function load(path: string, token: string, atOnce: number, count: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const taken: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      for (let i = lane; i < count; i += atOnce) {
        const asked = performance.now();
        await ask(`${address}${path}`, token, agent);
        taken.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.floor((taken.length - 1) * share)]!.toFixed(1);
  return { perSecond: Math.round(count / seconds), p50: at(0.5), p99: at(0.99) };
}

function ask(url: string, token: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode}.`));
      });
    }).once('error', reject);
  });
}
