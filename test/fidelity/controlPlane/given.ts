import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connect, type RealCluster } from './connection.ts';
import { fail } from './errors.ts';
import { kubernetesVersion, minorOf } from './versions.ts';

const minor = minorOf(kubernetesVersion);
const unusable = (reason: string, cause?: unknown) => fail('CLUSTER_UNUSABLE', { reason, minor }, { cause });

/** The cluster of the current context of KUBECONFIG, where it is one that the cases can be held to. */
export async function givenCluster(environment: NodeJS.ProcessEnv): Promise<RealCluster> {
  const { clusters, users } = await currentContext(environment);
  const [cluster, user] = [clusters?.[0]?.cluster, users?.[0]?.user];
  const pem = (name: string, data: string | undefined) => {
    if (data === undefined) throw unusable(`its current context has no ${name}`);
    return Buffer.from(data, 'base64').toString();
  };
  const given = {
    server: (cluster?.server ?? '').replace(/\/$/, ''),
    caPem: pem('certificate-authority-data', cluster?.['certificate-authority-data']),
    clientCertPem: pem('client-certificate-data', user?.['client-certificate-data']),
    clientKeyPem: pem('client-key-data', user?.['client-key-data']),
  };
  const { version, namespaces } = await lookAt(given);
  if (minorOf(version) !== minor) throw unusable(`it is Kubernetes ${version}`);
  const foreign = namespaces.filter((name) => !isExpected.test(name));
  if (foreign.length > 0) throw unusable(`it is in use, for it has the namespaces ${foreign.join(', ')}`);
  return { ...given, kubeconfig: environment.KUBECONFIG!, kubectl: 'kubectl', version };
}

interface Config {
  clusters?: { cluster: { server?: string; 'certificate-authority-data'?: string } }[];
  users?: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/** kubectl merges several files, follows paths and leaves what is in use. */
async function currentContext(environment: NodeJS.ProcessEnv): Promise<Config> {
  try {
    const flags = ['--raw', '--minify', '--flatten', '--output=json'];
    const { stdout } = await promisify(execFile)('kubectl', ['config', 'view', ...flags], {
      env: environment,
    });
    return JSON.parse(stdout);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    throw unusable(
      code === 'ENOENT' ? 'there is no kubectl on the PATH' : `kubectl says: ${stderr?.trim()}`,
      error,
    );
  }
}

/** What a cluster that nobody uses has, and what cases leave behind. KUBECONFIG often names a cluster that is in use. */
const isExpected = /^(default|kube-.*|local-path-storage|fidelity-.*)$/;

async function lookAt(
  given: Parameters<typeof connect>[0],
): Promise<{ version: string; namespaces: string[] }> {
  const connection = connect(given);
  const get = async (path: string) => {
    const { status, body } = await connection.send('GET', path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    return body;
  };
  try {
    const { gitVersion } = await get('/version');
    const { items } = await get('/api/v1/namespaces');
    return {
      version: gitVersion,
      namespaces: items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
    };
  } catch (error) {
    throw unusable(`${given.server} cannot be looked at (${(error as Error).message})`, error);
  } finally {
    await connection.close();
  }
}
