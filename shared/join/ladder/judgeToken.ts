import type { Text } from '#errors';
import type { JoinTokenParts } from '#neuvector';
import { hour, type Instant, type Millis, minute } from '#time';
import type { Wish } from '../model.ts';

import { because, type Judged, stopped } from './judged.ts';

/** What a token says. */
export type TokenParts = JoinTokenParts;

/** What a primary's tokens live where nobody asked for longer; no token says when it ends. */
export const usualLife: Millis = hour;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A primary was set up with it: it never ends, and among several controllers of a primary only one may know it. */
export const isFixed = ({ ticket }: TokenParts): boolean => ticket !== null && uuid.test(ticket);

/** Whether a join with this token can come to anything. */
export function judgeToken(token: TokenParts, at: Instant, now: Instant, contract: Wish['contract']): Judged {
  const { server, port, ticket } = token;
  if (ticket === null && contract === 'controller') {
    return { failure: stopped('TOKEN_WITHOUT_TICKET', { server, port }) };
  }
  if (ticket === null || isFixed(token)) return {};
  const age = now - at;
  if (age <= usualLife) return {};
  return { warnings: [because('JOIN_TOKEN_OLD', { age: ageInWords(age) })] };
}

export function ageInWords(age: Millis): Text {
  const [hours, minutes] = [Math.trunc(age / hour), Math.trunc((age % hour) / minute)];
  if (hours === 0) return { en: `${minutes} min`, zh: `${minutes} 分钟` };
  if (hours >= 48) return { en: `${Math.trunc(hours / 24)} days`, zh: `${Math.trunc(hours / 24)} 天` };
  return { en: `${hours} h ${minutes} min`, zh: `${hours} 小时 ${minutes} 分钟` };
}
