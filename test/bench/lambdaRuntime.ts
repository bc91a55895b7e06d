import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const bootstrap = join(import.meta.dirname, 'lambdaBootstrap.mjs');

/**
 * Milliseconds from starting a process to its first answer, through a Lambda Runtime API of our own, and how many of
 * a processor it used: that says more where others use the machine as well.
 */
export async function coldStart(
  handler: string,
  event: unknown,
  environment: Record<string, string>,
): Promise<{ took: number; cpu: number; answer: unknown }> {
  const answered = Promise.withResolvers<{ answer: unknown; cpu: number }>();
  let isHandedOut = false;
  const server = createServer((call, answer) => {
    if (call.method === 'GET' && !isHandedOut) {
      isHandedOut = true;
      answer
        .setHeader('lambda-runtime-aws-request-id', 'one')
        .setHeader('lambda-runtime-deadline-ms', String(Date.now() + 30_000))
        .end(JSON.stringify(event));
    } else if (call.method === 'POST') {
      let body = '';
      call.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      call.on('end', () => {
        answered.resolve({ answer: JSON.parse(body), cpu: Number(call.headers['x-cpu-ms']) });
        answer.end();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const started = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', bootstrap], {
    env: { ...environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, _HANDLER: handler },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.once('exit', (code) =>
    answered.reject(new Error(`The function ended with ${code} before it answered.`)),
  );
  try {
    const { answer, cpu } = await answered.promise;
    return { took: performance.now() - started, cpu, answer };
  } finally {
    child.removeAllListeners('exit').kill('SIGKILL');
    server.close();
    server.closeAllConnections();
  }
}
