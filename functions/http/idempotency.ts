import { createHash } from 'node:crypto';
import { getCookie } from 'hono/cookie';
import type { Caller } from '#auth';
import type { Language } from '#errors';
import { type Item, keys, type Table } from '#store';
import { type Clock, hour, minute } from '#time';
import type { AppContext } from './appEnv.ts';
import { httpError } from './errors.ts';
import { sessionCookie } from './gate.ts';
import { refusedField } from './issues.ts';
import { open, seal } from './sealedAnswer.ts';

const kept = 24 * hour;
/** Longer than a call can run: after it, the first try is dead. */
const inFlightFor = minute;
/** An item may hold 400 kB; of a larger answer only that it was given is kept. */
const largestKept = 250_000;

interface Answer {
  status: number;
  headers: [string, string][];
  body: string;
}

/**
 * Idempotency-Key on POST: the first answer is kept for a day and given again.
 *
 *   put where absent ─► carry out ─► keep the answer          refused: the request stands in the item, so
 *        │                    └─ failed: remove the item               other payload 422, no answer yet 409, else replay
 *        └─ the first try died: taken over after a minute
 *
 * Answers may hold a secret that is shown once. All are kept sealed with a key derived from the credential that sent
 * the request, of which the table has a hash alone: who reads the table cannot read them.
 */
export class Idempotency {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async once(c: AppContext, caller: Caller, body: unknown, run: () => Promise<Response>): Promise<Response> {
    const given = c.req.header('idempotency-key');
    if (given === undefined) return run();
    requireForm(given, c.get('language'));
    const start = this.#clock.now();
    const running: Item = {
      ...itemKey(caller, given),
      request: hash(JSON.stringify([c.req.path, new URL(c.req.url).search, body ?? null])),
      start,
      expiresAt: Math.ceil((start + kept) / 1000),
    };
    const found = await this.#begin(running);
    if (found) return replay(c, found, running, start);
    let response: Response;
    try {
      response = await run();
    } catch (error) {
      // Refused, or it is not known what was done: the same key may try again.
      await this.#table.delete(running, { start }).catch(() => undefined);
      throw error;
    }
    await this.#keep(c, running, response);
    return response;
  }

  /** The item of an earlier request with this key; undefined where this one is to be carried out. */
  async #begin(running: Item): Promise<Item | undefined> {
    if ((await this.#table.put(running, 'absent')) === 'written') return undefined;
    let found = await this.#table.get(running);
    if (!found) {
      // Removed just now, and others may have seen it as well: one of them is next.
      if ((await this.#table.put(running, 'absent')) === 'written') return undefined;
      found = await this.#table.get(running);
    }
    if (!found) {
      // Past its time and not removed yet.
      await this.#table.put(running);
      return undefined;
    }
    const isDead = found.answer === undefined && Number(found.start) + inFlightFor <= Number(running.start);
    if (!isDead || found.request !== running.request) return found;
    const taken = await this.#table.put(running, { start: Number(found.start) });
    return taken === 'written' ? undefined : { ...found, start: running.start! };
  }

  /** A failure to keep the answer must not turn what was done into an error: a repeat will say "in flight". */
  async #keep(c: AppContext, running: Item, response: Response): Promise<void> {
    const body = await response.clone().text();
    const answer: Answer = { status: response.status, headers: [...response.headers], body };
    const sealed = body.length > largestKept ? '' : seal(JSON.stringify(answer), credentialOf(c), running.pk);
    await this.#table
      .update(running, { set: { answer: sealed } }, { start: Number(running.start) })
      .catch(() => undefined);
  }
}

function replay(c: AppContext, found: Item, asked: Item, now: number): Response {
  if (found.request !== asked.request) throw httpError('IDEMPOTENCY_KEY_REUSED');
  if (typeof found.answer !== 'string') {
    const left = Math.ceil((Number(found.start) + inFlightFor - now) / 1000);
    throw httpError('IDEMPOTENCY_IN_FLIGHT', {}, { retryAfterSeconds: Math.min(Math.max(left, 1), 5) });
  }
  const text = open(found.answer, credentialOf(c), asked.pk);
  if (text === undefined) throw httpError('IDEMPOTENCY_ANSWER_SEALED');
  const { status, headers, body } = JSON.parse(text) as Answer;
  return new Response(body === '' ? null : body, {
    status,
    headers: [...headers, ['idempotency-replayed', 'true']],
  });
}

/** A session acts for its token: both are the same caller here. */
function itemKey(caller: Caller, given: string) {
  const { kind, id } = caller.actor;
  return keys.idempotencyKey(hash(JSON.stringify([kind === 'oidc' ? kind : 'token', id, given])));
}

const form = { en: 'must be 1 to 255 printable characters', zh: '必须是 1 到 255 个可打印字符' };

function requireForm(given: string, language: Language): void {
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return;
  throw refusedField('header.Idempotency-Key', 'format', form, language);
}

const credentialOf = (c: AppContext): string =>
  c.req.header('authorization') ?? getCookie(c, sessionCookie(c)) ?? '';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
