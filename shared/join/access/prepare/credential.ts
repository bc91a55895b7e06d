import type { Text } from '#errors';
import type { Instant } from '#time';
import type { CredentialBody } from '../../calls.ts';
import type { CredentialView, OpenedCredential } from '../../model.ts';
import type { Findings } from './findings.ts';

/** Where each version of what is sealed comes from: it names each new credential. */
export interface Stamp {
  version: number;
  now: Instant;
}

export interface KeptCredential {
  view: CredentialView;
  opened: OpenedCredential;
}

/** A new one. `at` is the field it stands in. */
export function readCredential(
  findings: Findings,
  at: string,
  body: CredentialBody,
  { version, now }: Stamp,
): KeptCredential {
  const say = (field: string, value: string, isRight: RegExp, reason: Text) => {
    if (!isRight.test(value)) findings.wrong(`${at}.${field}`, reason);
  };
  if (body.type === 'password') {
    const { type, username, password } = body;
    say('username', username, /^[^\p{Cc}]+$/u, isEmptyOrLines);
    say('password', password, /./s, isEmpty);
    const view = { type, name: username, version, rotatedAt: now };
    return { view, opened: { type, username, password } };
  }
  const { type, name, secret } = body;
  // Both travel in one header, name and secret with a colon between them.
  say('name', name, /^[!-9;-~](?:[ -9;-~]*[!-9;-~])?$/, noHeader);
  say('secret', secret, /^[!-~]+$/, noHeader);
  return { view: { type, name, version, rotatedAt: now }, opened: { type, name, secret } };
}

const isEmpty: Text = { en: 'is empty', zh: '为空' };
const isEmptyOrLines: Text = { en: 'is empty or holds control characters', zh: '为空或含有控制字符' };
const noHeader: Text = {
  en: 'is empty or holds characters that the header of an API key cannot carry',
  zh: '为空或含有 API 密钥请求头不允许的字符',
};
