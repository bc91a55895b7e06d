import { z } from 'zod';
import { hour, second } from '#time';
import { type Certified, clientCertificate, createCa } from '../../pki/index.ts';
import { Refusal, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { kvVersionOf, tooOld, unreachableStatus } from '../versions.ts';
import { shownPrimary } from './describe.ts';
import { newGuid } from './guid.ts';
import { removeMember } from './members.ts';
import type { joinRequest } from './membership.ts';
import type { Told } from './remote.ts';
import { isWhole, type Member, type RestInfo, restInfo } from './state.ts';
import { faultOf, readJoinToken } from './tickets.ts';

export const joinInternalRequest = z.object({
  fed_kv_version: z.string().default(''),
  rest_version: z.string().default(''),
  join_ticket: z.string().default(''),
  joint_cluster: z
    .object({
      id: z.string().default(''),
      name: z.string().default(''),
      secret: z.string().default(''),
      user: z.string().default(''),
      k8s_uid: z.string().default(''),
      rest_info: restInfo.optional(),
    })
    .optional(),
});

/** A member's request to be one, checked in the order in which a primary does it. */
export async function accept(
  controller: Controller,
  given: z.infer<typeof joinInternalRequest>,
): Promise<object> {
  const { state, settings, clock } = controller;
  const { id = '', name = '', secret = '', user = '', k8s_uid: k8sUid = '' } = given.joint_cluster ?? {};
  const at = given.joint_cluster?.rest_info ?? { server: '', port: 0 };
  if (name === state.clusterName) throw duplicate();
  if (settings.isUpgrading) throw new Refusal(426, 39);
  const old = tooOld(kvVersionOf(settings.version), given.fed_kv_version);
  if (old) throw new Refusal(426, old === 'primary' ? 101 : 102);
  const known = state.members.find((member) => member.name === name);
  const isSameCluster = known?.k8sUid === k8sUid && k8sUid !== '';
  // Before the ticket is looked at.
  if (known && settings.allowsSameUidRejoin && isSameCluster) removeMember(controller, known.id);
  else if (known) throw duplicate();
  if (!state.primary?.id) throw new Refusal(500, 4);
  const fault = controller.isFixedToken(given.join_ticket)
    ? undefined
    : faultOf(given.join_ticket, state.primary.secret, clock.now());
  if (fault !== undefined) throw new Refusal(417, 39, fault);
  if (!(await isStandalone(controller, at))) throw new Refusal(unreachableStatus(settings.version), 40);
  const restVersion = given.rest_version;
  const member: Member = {
    ...{ id, name, secret, user, k8sUid, restInfo: at, restVersion },
    status: 'joined',
    pingErrors: 0,
  };
  controller.change({ members: [...controller.state.members, member] });
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const { ca, certified } = certificates(controller, id);
  return {
    poll_interval: state.pollMinutes,
    ca_cert: base64(ca.certPem),
    client_cert: base64(certified.certPem),
    client_key: base64(certified.keyPem),
    master_cluster: shownPrimary({ ...state.primary, name: state.clusterName, status: '' }),
    csp_type: '',
  };
}

/** A join as earlier exporters send it, to the primary itself: the cluster is listed, and nobody asks it anything. */
export function acceptDirectly(controller: Controller, given: z.infer<typeof joinRequest>): void {
  const { name = '', join_token: token = '', joint_rest_info: at } = given;
  const { clusterName, members } = controller.state;
  if (name === '' || !at || !isWhole(at) || !isWhole(readJoinToken(token))) throw wrongFormat();
  if (name === clusterName || members.some((member) => member.name === name)) throw duplicate();
  const own = { id: newGuid(), name, secret: '', user: '', k8sUid: '', restInfo: at, restVersion: '' };
  controller.change({ members: [...members, { ...own, status: 'joined', pingErrors: 0 }] });
}

const duplicate = () => new Refusal(409, 41);

const probes = 2;
const pause = 2 * second;

/** Whether the cluster answers where it says it does, and that it is in no federation. */
async function isStandalone({ remote, clock }: Controller, at: RestInfo): Promise<boolean> {
  for (let i = 0; i < probes; i++) {
    let told: Told | undefined;
    try {
      told = await remote.ask(at, '/v1/fed/joint_test_internal', { body: { token: '' } });
    } catch {
      // Asked once more.
    }
    if (told?.status === 200) return true;
    await clock.sleep(pause);
  }
  return false;
}

const authorities = new WeakMap<Controller, Certified>();

function certificates(controller: Controller, id: string): { ca: Certified; certified: Certified } {
  const now = controller.clock.now();
  const valid = { notBefore: now - hour, notAfter: now + 3_650 * 24 * hour };
  const ca = authorities.get(controller) ?? createCa({ commonName: 'NeuVector', ...valid });
  authorities.set(controller, ca);
  return { ca, certified: clientCertificate(ca, { commonName: id, ...valid }) };
}
