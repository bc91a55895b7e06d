import { DroverError, type ErrorEntry, keptCause, type Text, type Values } from '#errors';
import { type NeuvectorCode, neuvectorErrors } from '#neuvector/errors';
import { type AccessCode, accessErrors } from '../access/errors.ts';
import type { Cause, Reaction, Refusal } from '../model.ts';
import { type LadderCode, ladderErrors } from './errors.ts';
import { reactionToTrouble } from './reactionToTrouble.ts';

/** What is asked of a controller, of a primary (`joinMaster`: with the contract `master`), or of a token's address. */
export type Call =
  | 'signIn'
  | 'member'
  | 'join'
  | 'joinMaster'
  | 'leave'
  | 'joinToken'
  | 'removeMember'
  | 'deploy'
  | 'healthcheck'
  | 'jointTest'
  | 'tokenUrl';

/** A class stands for all its statuses, `any` for every code and for none; null for what is not NeuVector's answer. */
type Meaning = readonly [
  status: number | '2xx' | '3xx' | '4xx' | '5xx',
  code: number | null | 'any',
  reaction: Reaction,
  cause: LadderCode | AccessCode | NeuvectorCode,
  more?: { says?: RegExp; values?: Readonly<Record<string, string | Text>> },
];

const role = (name: string) => ({ values: { role: name } });
const cleanup = { says: /cleanup/i };
const mistake = (en: string, zh: string) => ({ values: { mistake: { en, zh } } });

/** The first that fits counts. */
const answers: Readonly<Record<Call, readonly Meaning[]>> = {
  signIn: [
    [401, 47, 'refused', 'ACCOUNT_BLOCKED'],
    [401, 48, 'refused', 'PASSWORD_EXPIRED'],
    [401, 3, 'refused', 'SIGN_IN_REFUSED'],
    [401, 'any', 'refused', 'SIGN_IN_REFUSED'],
  ],
  member: [[403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('reader')]],
  join: [
    [400, 4, 'wait', 'CONTROLLER_CLEANING_UP', cleanup],
    [400, 4, 'look', 'JOIN_NOT_NOW'],
    [400, 6, 'stop', 'JOIN_REQUEST_INVALID'],
    [400, 40, 'slowly', 'JOIN_ADDRESS_UNREACHED'],
    // As 5.0 says it.
    [503, 40, 'slowly', 'JOIN_ADDRESS_UNREACHED'],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('admin')],
    [404, 1, 'stop', 'JOIN_PRIMARY_WRONG_PORT'],
    [409, 41, 'nameTaken', 'JOIN_NAME_TAKEN'],
    [417, 39, 'newToken', 'JOIN_TOKEN_REFUSED'],
    [426, 42, 'stop', 'JOIN_PRIMARY_TOO_OLD'],
    [426, 43, 'stop', 'JOIN_CONTROLLER_TOO_OLD'],
    [426, 39, 'retry', 'JOIN_PRIMARY_UPGRADING'],
    [428, 4, 'stop', 'JOIN_LEFTOVERS'],
    [500, 4, 'retry', 'JOIN_PRIMARY_UNREADY'],
    [500, 19, 'wait', 'CONTROLLER_LOCK_BUSY'],
    // What Go makes of an answer that is no JSON: the status line of whoever answered.
    [500, 39, 'look', 'JOIN_PRIMARY_GATEWAY', { says: /^\d{3} [A-Z]/ }],
    [500, 39, 'look', 'JOIN_PRIMARY_UNREACHED'],
    ['5xx', null, 'look', 'CONTROLLER_GATEWAY'],
    ['5xx', 'any', 'look', 'CONTROLLER_TROUBLE'],
  ],
  joinMaster: [
    [
      400,
      4,
      'stop',
      'JOIN_MASTER_CONTRACT',
      mistake('It is a primary and joins nothing.', '它是主集群，不会加入其他联邦。'),
    ],
    [400, 40, 'slowly', 'JOIN_ADDRESS_UNREACHED'],
    [400, 'any', 'stop', 'JOIN_REQUEST_INVALID'],
    [
      401,
      'any',
      'signIn',
      'JOIN_MASTER_CONTRACT',
      mistake(
        'The session is one of the joining cluster, which another installation does not know.',
        '该会话属于要加入的集群，其他安装并不认识它。',
      ),
    ],
    [404, 1, 'stop', 'JOIN_MASTER_CONTRACT', mistake('It is a federation listener.', '它是联邦监听端口。')],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('admin')],
    [409, 'any', 'stop', 'JOIN_MASTER_LISTED'],
    [417, 39, 'newToken', 'JOIN_TOKEN_REFUSED'],
  ],
  leave: [
    [400, 4, 'wait', 'CONTROLLER_CLEANING_UP', cleanup],
    [400, 4, 'look', 'LEAVE_NOT_MEMBER'],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('admin')],
    [500, 19, 'wait', 'CONTROLLER_LOCK_BUSY'],
    [500, 39, 'force', 'LEAVE_UNKNOWN', { says: /^404 / }],
    [500, 39, 'look', 'LEAVE_UNANSWERED'],
    ['5xx', null, 'look', 'CONTROLLER_GATEWAY'],
    ['5xx', 'any', 'look', 'CONTROLLER_TROUBLE'],
  ],
  joinToken: [
    [400, 4, 'stop', 'JOIN_PRIMARY_NONE'],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('fedAdmin')],
    [500, 7, 'retry', 'JOIN_PRIMARY_UNREADY'],
    [500, 55, 'retry', 'JOIN_PRIMARY_UNREADY'],
  ],
  removeMember: [
    [400, 4, 'stop', 'JOIN_PRIMARY_NONE'],
    [400, 7, 'look', 'REMOVE_GONE'],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('fedAdmin')],
    [500, 39, 'retry', 'CONTROLLER_TROUBLE'],
  ],
  deploy: [
    [400, 4, 'stop', 'JOIN_PRIMARY_NONE'],
    [400, 6, 'look', 'DEPLOY_NOTHING'],
    [400, 40, 'slowly', 'DEPLOY_UNREACHED'],
    [403, 25, 'stop', 'CONTROLLER_ROLE_MISSING', role('fedAdmin')],
  ],
  healthcheck: [[404, 1, 'stop', 'JOIN_PRIMARY_WRONG_PORT']],
  jointTest: [
    [400, 6, 'slowly', 'JOIN_ADDRESS_NOT_STANDALONE'],
    [404, 1, 'slowly', 'JOIN_ADDRESS_WRONG_PORT'],
  ],
  tokenUrl: [
    [401, 'any', 'stop', 'JOIN_TOKEN_URL_REFUSED'],
    [403, 'any', 'stop', 'JOIN_TOKEN_URL_REFUSED'],
    [429, 'any', 'retry', 'JOIN_TOKEN_URL_REFUSED'],
    ['5xx', 'any', 'retry', 'JOIN_TOKEN_URL_REFUSED'],
    // It may be put there yet.
    ['4xx', 'any', 'slowly', 'JOIN_TOKEN_URL_REFUSED'],
    ['3xx', 'any', 'stop', 'JOIN_TOKEN_URL_REFUSED'],
  ],
};

/** What an answer means to whatever call, and the named way of every other one. */
const toAnyCall: readonly Meaning[] = [
  [401, 47, 'refused', 'ACCOUNT_BLOCKED'],
  [401, 48, 'refused', 'PASSWORD_EXPIRED'],
  [401, 3, 'signIn', 'CONTROLLER_SESSION_OVER'],
  // Until 5.4.0.
  [408, 3, 'signIn', 'CONTROLLER_SESSION_OVER'],
  [404, 1, 'stop', 'CONTROLLER_WRONG_PORT'],
  [500, 19, 'wait', 'CONTROLLER_LOCK_BUSY'],
  ['4xx', null, 'stop', 'CONTROLLER_IS_MANAGER', { says: /required HTTP header 'Token'/ }],
  [401, null, 'stop', 'CONTROLLER_NOT_ITSELF'],
  [403, null, 'stop', 'CONTROLLER_NOT_ITSELF'],
  [407, null, 'stop', 'CONTROLLER_NOT_ITSELF'],
  [408, null, 'retry', 'CONTROLLER_GATEWAY'],
  [429, 'any', 'retry', 'CONTROLLER_GATEWAY'],
  [401, 'any', 'signIn', 'CONTROLLER_SESSION_OVER'],
  ['5xx', null, 'retry', 'CONTROLLER_GATEWAY'],
  ['5xx', 'any', 'retry', 'CONTROLLER_TROUBLE'],
  // What stands there may not be set up yet.
  ['4xx', null, 'slowly', 'CONTROLLER_NOT_ITSELF'],
  ['4xx', 'any', 'stop', 'CONTROLLER_REFUSES'],
  ['3xx', 'any', 'stop', 'CONTROLLER_NOT_ITSELF'],
];

const nobodyKnows: Meaning = ['2xx', 'any', 'slowly', 'CONTROLLER_NOT_ITSELF'];

/** What the sentences speak of, as far as it is known. Addresses are `host:port`. */
export interface About {
  /** Whoever was asked. */
  place?: string;
  /** Of this cluster in the federation. */
  name?: string;
  advertised?: string;
  /** Its federation listener. */
  primary?: string;
  /** Who signed in, when that was refused, and until when it is left alone. */
  user?: string;
  when?: string;
  until?: string;
}

export interface Reacted {
  reaction: Reaction;
  cause: Cause;
  /** NeuVector's own words, or those of what stands before it; null where nobody answered. */
  answer: Refusal | null;
}

/** What is to be done about an answer that is no yes, or about none. */
export function reactionTo(call: Call, met: Refusal | DroverError, about: About = {}): Reacted {
  if (met instanceof DroverError) {
    return { reaction: reactionToFault(call, met), cause: keptCause(met), answer: null };
  }
  const [, , reaction, code, more] = meaningOf(call, met);
  const { status, message } = met;
  const said = shortly(message);
  const values = spokenOf(code, { ...about, said, status, code: met.code ?? '–', ...more?.values });
  return { reaction, cause: keptCause({ code, values }), answer: { status, code: met.code, message: said } };
}

const texts: Readonly<Record<Meaning[3], ErrorEntry>> = {
  ...neuvectorErrors,
  ...accessErrors,
  ...ladderErrors,
};

/** In place of what is not known. */
const somebody: Readonly<Record<string, Text>> = {
  place: { en: 'The controller', zh: '控制器' },
  name: { en: 'of this cluster’s own name', zh: '本集群的名称' },
  advertised: { en: 'the address that the controller has stored', zh: '控制器所存的地址' },
  primary: { en: 'of the federation', zh: '（联邦主集群）' },
};

/** A row has little room: only what the sentences speak of is kept. */
function spokenOf(code: Meaning[3], given: Values): Values {
  const { message, remedy } = texts[code];
  const sentences = [message.en, message.zh, remedy.en, remedy.zh].join(' ');
  const names = new Set(Array.from(sentences.matchAll(/\{(\w+)\}/g), ([, name]) => name!));
  // The record's own.
  names.delete('id');
  return Object.fromEntries(Array.from(names, (name) => [name, given[name] ?? somebody[name] ?? '–']));
}

/** An address of tokens that says no is known by the status in the error that tells it. */
function reactionToFault(call: Call, { code, values }: DroverError): Reaction {
  const { status } = values;
  if (call !== 'tokenUrl' || typeof status !== 'number') return reactionToTrouble(call, code);
  return meaningOf(call, { status, code: null, message: '' })[2];
}

function meaningOf(call: Call, { status, code, message }: Refusal): Meaning {
  const statusClass = `${Math.trunc(status / 100)}xx`;
  const fits = ([ofStatus, ofCode, , , more]: Meaning): boolean =>
    (ofStatus === status || ofStatus === statusClass) &&
    (ofCode === code || ofCode === 'any') &&
    (more?.says?.test(message) ?? true);
  return answers[call].find(fits) ?? toAnyCall.find(fits) ?? nobodyKnows;
}

const longest = 200;

/** One line, without the page that a proxy sends along. */
function shortly(message: string): string {
  const text = message
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
