import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DroverError, type Language } from '#errors';
import { languageOf } from '../../../infra/local/errors.ts';
import { sentenceOf } from '../../../infra/local/say.ts';
import { stopRequested } from '../../../infra/local/stopRequested.ts';
import { fail } from './errors.ts';
import { type ControlPlane, startControlPlane } from './start.ts';

/** `npm run cluster`: a real control plane for a person to try Drover against. */
const language = languageOf(process.env);
const signal = stopRequested(process.env);
try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof DroverError ? sentenceOf(error, language) : error);
    process.exitCode = 1;
  }
}
process.exit();

interface Options {
  readonly nodes: number;
  readonly port?: number;
  readonly folder?: string;
}

async function run({ folder: given, ...options }: Options): Promise<void> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'drover-cluster-')));
  try {
    const cluster = await startControlPlane({ ...options, folder, signal });
    try {
      console.log(readyBlock(cluster, options.nodes, given !== undefined));
      if (!signal.aborted) await Promise.race([once(signal, 'abort'), cluster.failed]);
    } finally {
      await cluster.stop();
    }
  } finally {
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function readOptions(args: string[]): Options {
  let values: { nodes?: string; port?: string; folder?: string };
  try {
    const options = {
      nodes: { type: 'string' },
      port: { type: 'string' },
      folder: { type: 'string' },
    } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw fail('ARGUMENT_UNKNOWN', { reason: (error as Error).message }, { cause: error });
  }
  const number = (name: 'nodes' | 'port', most: number) => {
    const text = values[name]!;
    if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
    throw fail('ARGUMENT_UNKNOWN', { reason: `--${name} ${text}` });
  };
  return {
    nodes: values.nodes === undefined ? 3 : number('nodes', 5_000),
    ...(values.port === undefined ? {} : { port: number('port', 65_535) }),
    ...(values.folder === undefined ? {} : { folder: values.folder }),
  };
}

function readyBlock(
  { version, server, kubeconfig, kubectl }: ControlPlane,
  nodes: number,
  isKept: boolean,
): string {
  const words: Record<Language, { ready: string; try: string; stop: string }> = {
    en: {
      ready: `Kubernetes ${version} is ready at ${server} with ${nodes} nodes. Its administrator’s kubeconfig:`,
      try: 'Try, in another terminal:',
      stop: isKept ? 'Ctrl-C stops it; the folder keeps its data.' : 'Ctrl-C stops it and deletes its data.',
    },
    zh: {
      ready: `Kubernetes ${version} 已就绪：${server}，${nodes} 个节点。管理员 kubeconfig：`,
      try: '可在另一个终端中执行：',
      stop: isKept ? '按 Ctrl-C 停止；数据保留在目录中。' : '按 Ctrl-C 停止并删除其数据。',
    },
  };
  const say = words[language];
  return `
${say.ready}

  ${kubeconfig}

${say.try}

  export KUBECONFIG=${kubeconfig}
  ${kubectl} get nodes

${say.stop}
`;
}
