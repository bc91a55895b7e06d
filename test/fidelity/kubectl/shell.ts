import { execFile } from 'node:child_process';
import { parse } from 'yaml';
import { Api } from '../play/api.ts';
import type { Connection } from '../play/connection.ts';
import type { Json } from '../play/json.ts';
import { normalise } from '../play/normalise.ts';
import type { Transcript } from '../play/transcript.ts';

/** Types lines of kubectl, one after another, in a namespace of its own. */
export type Script = (shell: Shell) => Promise<void>;

export type Scripts = Readonly<Record<string, Script>>;

export interface Terminal {
  kubectl: string;
  kubeconfig: string;
  /** For what kubectl keeps: it is looked up by address, and ports come again with other clusters. */
  home: string;
}

interface Typed {
  stdin?: Json;
  env?: NodeJS.ProcessEnv;
  /** Where the order of lines says nothing. */
  sorted?: boolean;
}

export class Shell {
  readonly api: Api;
  readonly namespace: string;
  readonly #terminal: Terminal;

  constructor(api: Api, namespace: string, terminal: Terminal) {
    this.api = api;
    this.namespace = namespace;
    this.#terminal = terminal;
  }

  /** A line as one types it, in pieces where one of them has spaces. What it printed and its exit code are noted. */
  async type(
    line: string | readonly string[],
    { stdin, env = {}, sorted = false }: Typed = {},
  ): Promise<string> {
    const words = typeof line === 'string' ? line.split(' ') : line;
    const { code, stdout, stderr } = await this.#run(words, stdin, env);
    this.api.note(`kubectl ${words.join(' ')}`, {
      code,
      stdout: readable(stdout, words.join(' '), sorted),
      stderr: tidy(stderr, sorted),
    });
    return stdout;
  }

  #run(words: readonly string[], stdin: Json | undefined, env: NodeJS.ProcessEnv) {
    const { kubectl, kubeconfig, home } = this.#terminal;
    return new Promise<{ code: Json; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        kubectl,
        ['--namespace', this.namespace, ...words],
        {
          env: {
            ...process.env,
            KUBECONFIG: kubeconfig,
            HOME: home,
            KUBECACHEDIR: `${home}/cache`,
            TZ: 'UTC',
            ...env,
          },
          timeout: 60_000,
          maxBuffer: 32 * 1024 * 1024,
        },
        (error, stdout, stderr) => resolve({ code: error ? (error.code ?? 'killed') : 0, stdout, stderr }),
      );
      child.stdin?.end(stdin === undefined ? '' : typeof stdin === 'string' ? stdin : JSON.stringify(stdin));
    });
  }
}

/** What a script prints against one world, less what differs from run to run. */
export async function typeScript(
  script: Script,
  connection: Connection,
  terminal: Terminal,
): Promise<Transcript> {
  const api = new Api(connection);
  try {
    await script(new Shell(api, await api.namespace(), terminal));
  } finally {
    await api.close();
  }
  return normalise(api.transcript, {
    run: api.run,
    server: connection.world.server,
    administrator: connection.administrator,
    prefixes: api.prefixes,
  });
}

function readable(stdout: string, line: string, sorted: boolean): Json {
  try {
    if (/^[{[]/.test(stdout)) return JSON.parse(stdout) as Json;
    if (/ (-o|--output)[= ]yaml/.test(line)) return parse(stdout) as Json;
  } catch {
    // A template's output may begin like JSON.
  }
  return tidy(stdout, sorted);
}

/** Columns are as wide as the widest value, and ages grow. */
function tidy(text: string, sorted: boolean): Json {
  const lines = text
    .split('\n')
    .filter((line) => !/^WARNING: version difference between client/.test(line))
    .map((line) =>
      line
        .replace(/\b(\d+h)?(\d+m)?\d+s\b/g, '{age}')
        .replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, '{time}')
        .replace(/\S*(LIVE|MERGED)-\d+/g, '{$1}')
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000/g, '{time}')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  return sorted ? lines.sort() : lines;
}
