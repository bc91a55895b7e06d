import { randomInt } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Millis } from '#time';
import type { Caller, Connection } from './connection.ts';
import { at, isObject, type Json, type JsonObject } from './json.ts';
import type { Transcript, Watched } from './transcript.ts';

export interface Options {
  /** The administrator where nothing is said; a token where it is `{ token }`. */
  as?: Caller | { token: string };
  headers?: Record<string, string>;
  /** Sent as it is where it is a string. */
  body?: Json;
}

/** What an answer was, with short ways to what later requests take from it. */
export class Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;

  constructor(status: number, headers: Record<string, string>, body: Json) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  at(path: string): Json | undefined {
    return at(this.body, path);
  }

  text(path: string): string {
    const value = this.at(path);
    if (typeof value !== 'string') {
      throw new Error(`No text at ${path} of ${this.status} ${JSON.stringify(this.body)}`);
    }
    return value;
  }

  get uid(): string {
    return this.text('metadata.uid');
  }

  get version(): string {
    return this.text('metadata.resourceVersion');
  }

  get continue(): string {
    return encodeURIComponent(this.text('metadata.continue'));
  }

  /** The object as it was answered, for sending it back changed. */
  get object(): JsonObject {
    if (!isObject(this.body)) throw new Error(`No object: ${this.status} ${JSON.stringify(this.body)}`);
    return this.body;
  }
}

/**
 * One case's view of a world: it asks, and what was answered stands in the transcript. What is done `quietly` to
 * prepare a case does not.
 */
export class Api {
  readonly transcript: Transcript = [];
  /** What is new in each run stands in every name a case makes up, so that a run leaves the next one alone. */
  readonly run = Array.from({ length: 6 }, () => 'bcdfghjklmnpqrstvwxz'[randomInt(20)]).join('');
  readonly world: Connection['world'];
  readonly #connection: Connection;
  readonly #made = new Set<string>();
  /** What names were to begin with that the server completed. */
  readonly prefixes = new Set<string>();
  readonly #watches: Watching[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.world = connection.world;
  }

  /** A name that no one else has. */
  name(prefix: string): string {
    return `${prefix}-${this.run}`;
  }

  /** A namespace of this case, complete: its service account and the root certificates have come. */
  async namespace(prefix = 'ns', metadata: JsonObject = {}): Promise<string> {
    const name = this.name(`fidelity-${prefix}`);
    await this.#done('POST', '/api/v1/namespaces', { body: { metadata: { name, ...metadata } } });
    await this.#quietUntil(
      `/api/v1/namespaces/${name}/serviceaccounts/default`,
      ({ status }) => status === 200,
    );
    await this.#quietUntil(
      `/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`,
      ({ status }) => status === 200,
    );
    return name;
  }

  /** Creates one object without a word. */
  async prepare(path: string, body: Json): Promise<Answer> {
    return this.#done('POST', path, { body });
  }

  /** Any request without a word. */
  quietly(method: string, path: string, options: Options = {}): Promise<Answer> {
    return this.#ask(method, path, options);
  }

  async ask(method: string, path: string, options: Options = {}): Promise<Answer> {
    const answer = await this.#ask(method, path, options);
    this.#record(method, path, options, answer);
    return answer;
  }

  get(path: string, options?: Options): Promise<Answer> {
    return this.ask('GET', path, options);
  }

  post(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.ask('POST', path, { ...options, body });
  }

  put(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.ask('PUT', path, { ...options, body });
  }

  delete(path: string, body?: Json, options?: Options): Promise<Answer> {
    return this.ask('DELETE', path, { ...options, ...(body === undefined ? {} : { body }) });
  }

  merge(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.#patch('merge-patch+json', path, body, options);
  }

  strategic(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.#patch('strategic-merge-patch+json', path, body, options);
  }

  jsonPatch(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.#patch('json-patch+json', path, body, options);
  }

  /** Server-side apply; the path's query names the manager. */
  apply(path: string, body: Json, options?: Options): Promise<Answer> {
    return this.#patch('apply-patch+yaml', path, body, options);
  }

  /** Asks again and again; only the answer that was waited for is recorded. */
  async until(path: string, isIt: (answer: Answer) => boolean, options: Options = {}): Promise<Answer> {
    const answer = await this.#quietUntil(path, isIt, options);
    this.#record('GET', path, options, answer);
    return answer;
  }

  /** Waits until it is gone, and records that it is. */
  gone(path: string): Promise<Answer> {
    return this.until(path, ({ status }) => status === 404);
  }

  async watch(path: string, options: Options = {}): Promise<Watching> {
    const stop = new AbortController();
    const answer = await this.#connection.send({ ...sent('GET', path, options), signal: stop.signal });
    const entry: Watched = {
      watch: this.#label('GET', path, options),
      status: answer.statusCode,
      headers: selected(answer.headers),
      events: [],
    };
    this.transcript.push(entry);
    const watching = new Watching(entry, answer.body, stop, this.#connection.patience);
    this.#watches.push(watching);
    return watching;
  }

  note(note: string, value: Json): void {
    this.transcript.push({ note, value });
  }

  /** A token of a service account, which is made if it is not there. */
  async token(namespace: string, account: string): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await this.#ask('POST', path, { body: { metadata: { name: account } } });
    const issued = await this.#done('POST', `${path}/${account}/token`, { body: { spec: {} } });
    return issued.text('status.token');
  }

  /** Lets an account do what the rules say, in one namespace or everywhere, and waits until it may. */
  async allow(namespace: string, account: string, rules: JsonObject[], everywhere = false): Promise<void> {
    const name = this.name(`may-${account}`);
    const base = `/apis/rbac.authorization.k8s.io/v1${everywhere ? '' : `/namespaces/${namespace}`}`;
    const [roles, bindings, kind] = everywhere
      ? ['clusterroles', 'clusterrolebindings', 'ClusterRole']
      : ['roles', 'rolebindings', 'Role'];
    await this.#done('POST', `${base}/${roles}`, { body: { metadata: { name }, rules } });
    await this.#done('POST', `${base}/${bindings}`, {
      body: {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      },
    });
    const [group, resource, verb, named] = ['apiGroups', 'resources', 'verbs', 'resourceNames'].map((list) =>
      at(rules[0], `${list}.0`),
    );
    const resourceAttributes = {
      namespace,
      group,
      resource,
      verb,
      ...(named ? { name: named } : {}),
    } as JsonObject;
    const spec = { user: `system:serviceaccount:${namespace}:${account}`, resourceAttributes };
    const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    await this.#patiently(
      () => this.#done('POST', reviews, { body: { spec } }),
      (review) => review.at('status.allowed') === true,
      `${account} may not ${verb} ${resource}`,
    );
  }

  /** Ends what watches still run and takes away what stands outside of namespaces. Those stay: each costs seconds. */
  async close(): Promise<void> {
    for (const watching of this.#watches) await watching.close();
    for (const path of [...this.#made].reverse()) await this.#ask('DELETE', path, {});
  }

  #patch(type: string, path: string, body: Json, options: Options = {}): Promise<Answer> {
    const headers = { 'content-type': `application/${type}`, ...options.headers };
    return this.ask('PATCH', path, { ...options, headers, body });
  }

  async #done(method: string, path: string, options: Options): Promise<Answer> {
    const answer = await this.#ask(method, path, options);
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${path} was to prepare a case: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer;
  }

  #quietUntil(path: string, isIt: (answer: Answer) => boolean, options: Options = {}): Promise<Answer> {
    return this.#patiently(() => this.#ask('GET', path, options), isIt, `GET ${path} never came true`);
  }

  async #patiently(
    ask: () => Promise<Answer>,
    isIt: (answer: Answer) => boolean,
    failure: string,
  ): Promise<Answer> {
    const end = performance.now() + this.#connection.patience;
    for (;;) {
      const answer = await ask();
      if (isIt(answer)) return answer;
      if (performance.now() > end)
        throw new Error(`${failure}: ${answer.status} ${JSON.stringify(answer.body)}`);
      await after(25);
    }
  }

  /** Any request again and again, without a word. */
  insist(method: string, path: string, options: Options, isIt: (answer: Answer) => boolean): Promise<Answer> {
    return this.#patiently(() => this.#ask(method, path, options), isIt, `${method} ${path} never came true`);
  }

  async #ask(method: string, path: string, options: Options): Promise<Answer> {
    const prefix = isObject(options.body) ? at(options.body, 'metadata.generateName') : undefined;
    if (typeof prefix === 'string') this.prefixes.add(prefix);
    const signal = AbortSignal.timeout(this.#connection.patience);
    const { statusCode, headers, body } = await this.#connection.send({
      ...sent(method, path, options),
      signal,
    });
    const answer = new Answer(statusCode, selected(headers), read(await text(body), headers['content-type']));
    this.#remember(path, answer);
    return answer;
  }

  #remember(path: string, { status, body }: Answer): void {
    const [place = ''] = path.split('?');
    const name = at(body, 'metadata.name');
    if (status !== 201 || path.includes('dryRun') || typeof name !== 'string') return;
    if (/\/namespaces(\/|$)/.test(place) || /review/.test(place)) return;
    this.#made.add(place.endsWith(`/${name}`) ? place : `${place}/${name}`);
  }

  #record(method: string, path: string, options: Options, { status, headers, body }: Answer): void {
    this.transcript.push({ request: this.#label(method, path, options), status, headers, body });
  }

  #label(method: string, path: string, { as }: Options): string {
    const who = as === undefined ? '' : ` as ${typeof as === 'string' ? as : 'a token'}`;
    return `${method} ${path}${who}`;
  }
}

/** A watch that runs beside the case. */
export class Watching {
  readonly #entry: Watched;
  readonly #stop: AbortController;
  readonly #patience: Millis;
  readonly #reading: Promise<void>;
  #isOver = false;
  #told: () => void = () => {};

  constructor(entry: Watched, body: AsyncIterable<Buffer>, stop: AbortController, patience: Millis) {
    this.#patience = patience;
    this.#entry = entry;
    this.#stop = stop;
    this.#reading = this.#read(body);
  }

  get events(): readonly Json[] {
    return this.#entry.events;
  }

  /** Waits for this many events. */
  async seen(count: number): Promise<void> {
    await this.#wait(() => this.events.length >= count, `${count} events`);
  }

  /** Waits for the server to end it. */
  async ended(): Promise<void> {
    await this.#wait(() => this.#isOver, 'the end');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #wait(isIt: () => boolean, what: string): Promise<void> {
    const end = performance.now() + this.#patience;
    while (!isIt()) {
      const left = end - performance.now();
      if (left <= 0 || this.#isOver) {
        throw new Error(`${this.#entry.watch}: no ${what}; came ${JSON.stringify(this.events)}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => (this.#told = resolve)),
        after(left, undefined, { ref: false }),
      ]);
    }
  }

  async #read(body: AsyncIterable<Buffer>): Promise<void> {
    let rest = '';
    try {
      for await (const piece of body) {
        rest += piece.toString();
        if (this.#entry.status !== 200) continue;
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#entry.events.push(read(line, 'application/json'));
        this.#told();
      }
      if (rest !== '') this.#entry.body = read(rest, this.#entry.headers['content-type']);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.#isOver = true;
      this.#told();
    }
  }
}

/** What clients look at; the rest (dates, lengths, audit ids, flow control) is of one answer alone. */
const telling = [
  'content-type',
  'warning',
  'retry-after',
  'allow',
  'location',
  'cache-control',
  'www-authenticate',
  'x-content-type-options',
];

const selected = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(
    telling.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join('\n') : value]];
    }),
  );

function sent(method: string, path: string, { as = 'admin', headers, body }: Options) {
  const isToken = typeof as === 'object';
  return {
    method,
    path,
    caller: isToken ? ('anonymous' as const) : as,
    headers: {
      'user-agent': 'fidelity/1',
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isToken ? { authorization: `Bearer ${as.token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

function read(body: string, type: string | string[] | undefined): Json {
  if (body === '') return null;
  if (String(type).includes('json')) return JSON.parse(body) as Json;
  if (String(type).includes('yaml')) return { yaml: parse(body) as Json };
  return body;
}
