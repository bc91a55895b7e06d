import type { Text } from '#errors';
import type { Tree } from './tree.ts';

const eks: Text = {
  en: 'For EKS give the credential as type "eks" with region and clusterName: Drover signs the tokens itself.',
  zh: 'EKS 请使用类型为 "eks" 的凭据并填写 region 和 clusterName：Drover 会自行签发令牌。',
};
const none: Text = { en: 'Give a credential that stands by itself.', zh: '请提供可独立使用的凭据。' };

/** The commands that kubeconfigs usually run, and the way out of each. */
const commands: ReadonlyMap<string, Text> = new Map([
  ['aws', eks],
  ['aws-iam-authenticator', eks],
  ['gke-gcloud-auth-plugin', none],
  ['gcloud', none],
  ['kubelogin', none],
  ['kubectl-oidc_login', none],
  ['kubectl', none],
  ['doctl', none],
  ['oci', none],
  ['ibmcloud', none],
  ['tsh', none],
  ['tkg', none],
  ['tanzu', none],
  ['pinniped', none],
  ['rancher', none],
  ['vault', none],
  ['sh', none],
  ['bash', none],
]);

const someCommand: Text = { en: 'a command', zh: '某个命令' };

export function commandOf(exec: Tree): { command: string | Text; wayOut: Text } {
  const command = textAt(exec, 'command');
  const name = command
    .slice(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1)
    .replace(/\.exe$/i, '');
  return { command: commands.has(name) ? name : someCommand, wayOut: commands.get(name) ?? none };
}

const providers = ['gcp', 'azure', 'oidc', 'openstack'];
const someProvider: Text = { en: 'of another name', zh: '（其他）' };

export function providerOf(provider: Tree): string | Text {
  const name = textAt(provider, 'name');
  return providers.includes(name) ? name : someProvider;
}

function textAt(tree: Tree, key: string): string {
  const value = tree instanceof Map ? (tree.get(key) as Tree | undefined) : undefined;
  return typeof value === 'string' ? value : '';
}
