import type { Controller } from '../controller.ts';
import { kvVersionOf } from '../versions.ts';
import { nowhere, type RestInfo } from './state.ts';

interface Cluster {
  id: string;
  name: string;
  restInfo?: RestInfo;
  status?: string;
  restVersion?: string;
}

/** What is secret, or nobody else's matter, is there and empty. */
export const shownPrimary = ({ id, name, restInfo = nowhere, status = '', restVersion = '' }: Cluster) => ({
  disabled: false,
  id,
  name,
  secret: '',
  user: '',
  status,
  rest_version: restVersion,
  rest_info: restInfo,
});

const shownMember = (cluster: Cluster) => ({ ...shownPrimary(cluster), k8s_uid: '', proxy_required: false });

/** What GET /v1/fed/member answers. */
export function membership({ state, settings }: Controller): object {
  const { role, localRestInfo, useProxy, deployRepoScanData, clusterName, primary, own, members } = state;
  const common = {
    fed_role: role,
    local_rest_info: localRestInfo,
    use_proxy: useProxy,
    deploy_repo_scan_data: deployRepoScanData,
  };
  if (role === 'master') {
    const restVersion = kvVersionOf(settings.version);
    const itself = { ...primary!, name: clusterName, status: 'active', restVersion };
    const byName = [...members].sort((one, other) => (one.name < other.name ? -1 : 1));
    return { ...common, master_cluster: shownPrimary(itself), joint_clusters: byName.map(shownMember) };
  }
  if (role === 'joint') {
    const itself = { ...own!, name: clusterName, restInfo: localRestInfo };
    return { ...common, master_cluster: shownPrimary(primary!), joint_clusters: [shownMember(itself)] };
  }
  return { ...common, joint_clusters: null };
}
