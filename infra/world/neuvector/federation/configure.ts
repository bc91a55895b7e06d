import { z } from 'zod';
import type { Login } from '../accounts.ts';
import { Refusal, wrongFormat } from '../codes.ts';
import type { Controller } from '../controller.ts';
import { isWhole, restInfo } from './state.ts';

export const configRequest = z.object({
  ping_interval: z.int().min(0).optional(),
  poll_interval: z.int().min(0).optional(),
  name: z.string().optional(),
  rest_info: restInfo.optional(),
  use_proxy: z.string().optional(),
  deploy_repo_scan_data: z.boolean().optional(),
});

const readOnly = {
  name: {
    master: 'Cluster name cannot be modified when there is other cluster in the federation',
    joint: 'Cluster name cannot be modified after joining the federation',
  },
  address: {
    master: 'Exposed REST server info is read-only when there is other cluster in the federation',
    joint: 'Exposed REST server info is read-only because this cluster already joins the federation',
  },
};

export function configure(controller: Controller, login: Login, given: z.infer<typeof configRequest>): void {
  const { state } = controller;
  const { role, members } = state;
  if (role === 'master' && login.role !== 'fedAdmin') throw new Refusal(403, 25);
  const { name, rest_info: at, use_proxy: proxy, deploy_repo_scan_data: deploys } = given;
  if (name === '' || (at && !isWhole(at)) || (proxy !== undefined && proxy !== '' && proxy !== 'https'))
    throw wrongFormat();
  const fail = (message: string) => new Refusal(400, 39, message);
  if (deploys !== undefined && role === 'joint')
    throw fail('Options for scan data deployment can only be configured on primary cluster');
  const isFixed = role === 'joint' || (role === 'master' && members.length > 0);
  const isMoved = at && (at.server !== state.localRestInfo.server || at.port !== state.localRestInfo.port);
  if (isFixed && name !== undefined && name !== state.clusterName) throw fail(readOnly.name[role]);
  if (isFixed && isMoved) throw fail(readOnly.address[role]);
  controller.change({
    ...(name !== undefined && { clusterName: name }),
    ...(at && { localRestInfo: at }),
    ...(at && role === 'master' && { primary: { ...state.primary!, restInfo: at } }),
    ...(proxy !== undefined && { useProxy: proxy as '' | 'https' }),
    ...(deploys !== undefined && { deployRepoScanData: deploys }),
    ...(role === 'master' && given.ping_interval && { pingMinutes: given.ping_interval }),
    ...(role === 'master' && given.poll_interval && { pollMinutes: given.poll_interval }),
  });
}
