import type { Text } from '#errors';
import { decodeJoinToken, joinTokenIn } from '#neuvector';
import type { MembershipBody, PrimaryBody } from '../../calls.ts';
import { addressOf, primaryOf, valuesOf } from '../../ladder/derive.ts';
import { usualMaxAttempts, type Wish } from '../../model.ts';
import { accessError } from '../errors.ts';
import { isPort, notPort, readHost } from './addresses.ts';
import type { ControllerParts } from './controller.ts';
import { type KeptPrimary, type ReadPrimary, readPrimary } from './primary.ts';

export interface KeptWish {
  wish: Wish;
  primary?: KeptPrimary | undefined;
  token?: string | undefined;
}

export interface ReadWish {
  wish: Wish;
  primary?: ReadPrimary | undefined;
  token?: string | undefined;
}

/** What is wanted of a membership that joins. */
export async function readWish(
  { net, findings, stamp }: Omit<ControllerParts, 'clusters'>,
  body: MembershipBody,
  kept: KeptWish | undefined,
): Promise<ReadWish> {
  const before = kept?.wish;
  const { storeId = before?.storeId ?? null, clusterName = before?.clusterName ?? null } = body;
  if (storeId !== null && clusterName !== null) findings.apart('clusterName', 'storeId', oneName);
  else if (storeId === null && clusterName === null) findings.needed('storeId', whyName);
  if (storeId !== null && !storeForm.test(storeId)) findings.wrong('storeId', notStore);
  if (clusterName !== null && !/^(?!\s)[^\p{Cc}]{1,200}(?<!\s)$/u.test(clusterName)) {
    findings.wrong('clusterName', notName);
  }

  const advertise = await readAdvertise();
  const contract = body.contract ?? before?.contract ?? 'controller';
  const token = await findings.of('token', () => readToken(body.token, kept?.token, contract));
  const said = contract === 'master' ? withRest(body.primary, kept?.primary, storeId, token) : body.primary;
  const primary = await readPrimary({ net, findings, stamp }, said, kept?.primary);

  const { maxAttempts = before?.maxAttempts ?? usualMaxAttempts } = body;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 1_000) {
    findings.wrong('maxAttempts', notAttempts);
  }
  const tokenUrl = body.tokenUrl === undefined ? (before?.tokenUrl ?? null) : body.tokenUrl;
  if (body.tokenUrl != null) {
    const given = body.tokenUrl;
    await findings.of('tokenUrl', () => net.check('cluster', given));
  }
  const hasPrimary = primary?.access.rest != null && primary.access.credential !== null;
  // One that cannot be used is among the findings.
  const hasToken = body.token != null || (body.token === undefined && kept?.token !== undefined);
  if (!hasToken && tokenUrl === null && !hasPrimary) {
    findings.needed('token', whyToken);
  }
  const givenAt = body.token == null ? (before?.tokenGivenAt ?? null) : stamp.now;
  return {
    wish: {
      storeId,
      clusterName,
      advertise,
      primary: primary?.access ?? null,
      tokenGivenAt: token === undefined ? null : givenAt,
      tokenUrl,
      maxAttempts,
      stayJoined: body.stayJoined ?? before?.stayJoined ?? 'mend',
      contract,
    },
    primary,
    token,
  };

  async function readAdvertise(): Promise<Wish['advertise']> {
    if (body.advertise === null) return { server: null, port: null };
    const { server = before?.advertise.server ?? null, port = before?.advertise.port ?? null } =
      body.advertise ?? {};
    if (port !== null && !isPort(port)) findings.wrong('advertise.port', notPort);
    if (server === null || body.advertise?.server === undefined) return { server, port };
    const at = 'advertise.server';
    return { server: (await findings.of(at, () => readHost(at, server))) ?? null, port };
  }
}

/** Who takes joins itself is found as the earlier text has it: where it is said to be, by the token, by the store id. */
function withRest(
  body: PrimaryBody | null | undefined,
  kept: KeptPrimary | undefined,
  storeId: string | null,
  token: string | undefined,
): PrimaryBody | null | undefined {
  if (!body?.credential || body.rest !== undefined || kept?.access.rest != null) return body;
  const place = token === undefined ? null : decodeJoinToken(token);
  const found = primaryOf({ primary: null, contract: 'master', storeId }, place);
  const rest = body.federation ?? kept?.access.federation ?? (found && addressOf(valuesOf(found)));
  return rest === undefined ? body : { ...body, rest };
}

/** As a controller takes it. */
function readToken(
  given: string | null | undefined,
  kept: string | undefined,
  contract: Wish['contract'],
): string | undefined {
  const token = given == null ? (given === null ? undefined : kept) : joinTokenIn(given);
  if (token === undefined) return undefined;
  const { server, port, ticket } = decodeJoinToken(token);
  if (contract === 'controller' && ticket === null)
    throw accessError('TOKEN_WITHOUT_TICKET', { server, port });
  return token;
}

/** It becomes a part of the name under which the primary reaches this cluster. */
const storeForm = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/i;

const oneName: Text = {
  en: 'the federation knows a cluster by one name',
  zh: '联邦中每个集群只有一个名称',
};
const whyName: Text = {
  en: 'the federation needs a name for this cluster: storeId or clusterName',
  zh: '联邦需要此集群的名称：storeId 或 clusterName',
};
const notStore: Text = {
  en: 'is not 1 to 50 letters, digits and hyphens',
  zh: '不是 1 到 50 个字母、数字和连字符',
};
const notName: Text = {
  en: 'is empty, longer than 200 characters, or holds control characters or spaces around it',
  zh: '为空、超过 200 个字符，或含有控制字符或首尾空格',
};
const notAttempts: Text = { en: 'is not between 1 and 1000', zh: '不在 1 到 1000 之间' };
const whyToken: Text = {
  en: 'a join needs a token: given, from tokenUrl, or from the primary by primary.rest and primary.credential',
  zh: '加入需要令牌：直接提供、通过 tokenUrl 获取，或凭 primary.rest 与 primary.credential 向主集群获取',
};
