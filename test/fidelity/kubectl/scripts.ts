import { aDeployment, aMap, aPod, labelled, maps } from '../cases/paths.ts';
import type { JsonObject } from '../play/json.ts';
import type { Scripts, Shell } from './shell.ts';

/** Three config maps to look at. */
async function three({ api, namespace }: Shell): Promise<void> {
  await api.prepare(maps(namespace), aMap('a', { one: '1' }, labelled(['app', 'x'])));
  await api.prepare(maps(namespace), aMap('b', { one: '1', two: '2' }, labelled(['app', 'x'])));
  await api.prepare(maps(namespace), aMap('c', {}, { annotations: { note: 'n' } }));
}

const inYaml = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  one: "${data}"\n`;

const aDefinition = (group: string): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `lamps.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', shortNames: ['lp'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A lamp gives light.',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer', description: 'How large.' } } },
            },
          },
        },
      },
    ],
  },
});

export const scripts: Scripts = {
  'get prints each form': async (shell) => {
    await three(shell);
    await shell.type('get configmaps');
    await shell.type('get cm -o wide --show-labels');
    await shell.type('get cm a -o json');
    await shell.type('get cm -o yaml');
    await shell.type('get cm -o name');
    await shell.type('get cm -l app=x -o custom-columns=N:.metadata.name,D:.data');
    await shell.type('get cm -o jsonpath={.items[*].metadata.name}');
    await shell.type('get cm -o go-template={{len .items}}');
    await shell.type('get cm --no-headers');
  },
  'get selects and sorts': async (shell) => {
    await three(shell);
    await shell.type('get cm -l app=x');
    await shell.type(['get', 'cm', '-l', 'app in (y)']);
    await shell.type('get cm --field-selector metadata.name=a');
    await shell.type('get cm --sort-by=.metadata.name');
    await shell.type('get cm -L app');
    await shell.type('get cm a b missing');
    await shell.type('get cm --chunk-size=2');
    await shell.type(`get cm -A -l app=x --field-selector metadata.namespace=${shell.namespace}`);
    await shell.type('get cm,secret,sa');
  },
  'get fails': async (shell) => {
    await shell.type('get cm missing');
    await shell.type('get cm missing --ignore-not-found');
    await shell.type('get nonsense');
    await shell.type('get secrets');
    await shell.type('get cm -l =');
    await shell.type('get cm --field-selector data.a=b');
    await shell.type('get nonsense.example.com/v1');
  },
  'create makes the common kinds': async (shell) => {
    await shell.type('create configmap m --from-literal=a=1 --from-literal=b=2');
    await shell.type('create secret generic s --from-literal=a=1');
    await shell.type('create serviceaccount r');
    await shell.type('create role r --verb=get,list --resource=pods,deployments.apps');
    await shell.type(`create rolebinding r --role=r --serviceaccount=${shell.namespace}:r`);
    await shell.type('create service clusterip c --tcp=80:8080');
    await shell.type('create quota q --hard=pods=2');
    await shell.type('create poddisruptionbudget p --selector=a=b --min-available=1');
    await shell.type('create ingress i --rule=host.example/path=svc:80');
    await shell.type('create configmap m --from-literal=a=1');
    await shell.type('create role x --verb=get --resource=nonsense');
    await shell.type('get role r -o yaml');
  },
  'create makes what stands outside of namespaces': async (shell) => {
    const name = shell.api.name('fidelity-k');
    await shell.type(`create namespace ${name}`);
    await shell.type(`create clusterrole ${name} --verb=get --non-resource-url=/metrics`);
    await shell.type(`create clusterrolebinding ${name} --clusterrole=${name} --user=ann`);
    await shell.type(`create priorityclass ${name} --value=7`);
    await shell.type(`get clusterrolebinding ${name} -o wide`);
    await shell.type(`get priorityclass ${name}`);
    for (const kind of ['clusterrole', 'clusterrolebinding', 'priorityclass'])
      await shell.type(`delete ${kind} ${name}`);
  },
  'create only tries, and from a file': async (shell) => {
    await shell.type('create cm m --from-literal=a=1 --dry-run=server -o yaml');
    await shell.type('create deployment d --image=registry.example/app:1 --dry-run=server -o json');
    await shell.type('create job j --image=registry.example/app:1 --dry-run=server -o yaml');
    await shell.type('create -f -', { stdin: inYaml('m', '1') });
    await shell.type('create -f -', { stdin: inYaml('m', '1') });
    await shell.type('create --save-config -f -', { stdin: inYaml('n', '1') });
    await shell.type('get cm n -o yaml');
    await shell.type('create token default --duration=10m');
    await shell.type('create token missing');
  },
  'create checks fields': async (shell) => {
    const odd = { ...aMap('odd'), unknown: 'x' };
    await shell.type('create -f -', { stdin: odd });
    await shell.type('create --validate=warn -f -', { stdin: odd });
    await shell.type('create --validate=ignore -f -', { stdin: { ...odd, metadata: { name: 'other' } } });
    await shell.type('create -f -', { stdin: { ...aMap('Bad') } });
    await shell.type('create -f -', {
      stdin: { apiVersion: 'v1', kind: 'Nonsense', metadata: { name: 'x' } },
    });
    await shell.type('create -f -', { stdin: aDeployment('d', { replicas: 'many' }) });
  },
  'apply on the client creates, configures and leaves alone': async (shell) => {
    await shell.type('apply -f -', { stdin: inYaml('m', '1') });
    await shell.type('apply -f -', { stdin: inYaml('m', '1') });
    await shell.type('apply -f -', { stdin: inYaml('m', '2') });
    await shell.type('get cm m -o yaml');
    await shell.type('apply view-last-applied cm m');
    await shell.type('apply --dry-run=server -f -', { stdin: inYaml('m', '3') });
    await shell.type('apply --dry-run=client -f -', { stdin: inYaml('m', '3') });
    await shell.type('create cm other');
    await shell.type('apply -f -', { stdin: inYaml('other', '1') });
    await shell.type('apply -f -', { stdin: `${inYaml('m', '4')}---\n${inYaml('n', '4')}` });
  },
  'apply merges a pod template': async (shell) => {
    const template = (image: string, more: JsonObject[] = []): JsonObject => ({
      apiVersion: 'v1',
      kind: 'PodTemplate',
      metadata: { name: 't' },
      template: {
        metadata: { labels: { app: 't' } },
        spec: { containers: [{ name: 'main', image }, ...more] },
      },
    });
    const side = { name: 'side', image: 'registry.example/side:1' };
    await shell.type('apply -f -', { stdin: template('registry.example/app:1', [side]) });
    await shell.type('apply -f -', { stdin: template('registry.example/app:2') });
    await shell.type('get podtemplate t -o json');
    await shell.type('apply --server-side -f -', { stdin: template('registry.example/app:3') });
    await shell.type('get podtemplate t -o json --show-managed-fields');
  },
  'apply on the server owns, conflicts and forces': async (shell) => {
    await shell.type('apply --server-side -f -', { stdin: inYaml('m', '1') });
    await shell.type('apply --server-side -f -', { stdin: inYaml('m', '1') });
    await shell.type('apply --server-side --field-manager=other -f -', { stdin: inYaml('m', '2') });
    await shell.type('apply --server-side --field-manager=other --force-conflicts -f -', {
      stdin: inYaml('m', '2'),
    });
    await shell.type('get cm m -o yaml --show-managed-fields');
    await shell.type('apply --server-side --dry-run=server -f -', { stdin: inYaml('n', '2') });
    await shell.type('apply --server-side -f -', { stdin: { ...aMap('odd'), unknown: 'x' } });
  },
  'diff tells what an apply would change': async (shell) => {
    await shell.type('apply -f -', { stdin: inYaml('m', '1') });
    await shell.type('diff -f -', { stdin: inYaml('m', '1') });
    await shell.type('diff -f -', { stdin: inYaml('m', '2') });
    await shell.type('diff --server-side -f -', { stdin: inYaml('m', '3') });
    await shell.type('diff -f -', { stdin: inYaml('new', '1') });
  },
  'patch, label and annotate': async (shell) => {
    await three(shell);
    await shell.type(['patch', 'cm', 'a', '--type=merge', '-p', '{"data":{"two":"2"}}']);
    await shell.type(['patch', 'cm', 'a', '--type=json', '-p', '[{"op":"remove","path":"/data/two"}]']);
    await shell.type(['patch', 'cm', 'a', '-p', '{"data":{"three":"3"}}', '-o', 'yaml']);
    await shell.type(['patch', 'cm', 'a', '-p', '{"data":{"three":"3"}}']);
    await shell.type(['patch', 'cm', 'a', '--type=json', '-p', '[{"op":"remove","path":"/data/nine"}]']);
    await shell.type(['patch', 'cm', 'missing', '-p', '{}']);
    await shell.type('label cm a tier=web');
    await shell.type('label cm a tier=db');
    await shell.type('label cm a tier=db --overwrite');
    await shell.type('label cm -l app=x seen=yes');
    await shell.type('label cm a tier- app-');
    await shell.type('label cm a bad=-');
    await shell.type('annotate cm a note=x');
    await shell.type('annotate cm a note-');
    await shell.type('get cm --show-labels');
  },
  'replace and edit': async (shell) => {
    await three(shell);
    await shell.type('replace -f -', { stdin: inYaml('a', '9') });
    await shell.type('replace -f -', { stdin: inYaml('missing', '9') });
    await shell.type('replace --force -f -', { stdin: inYaml('a', '10') });
    await shell.type('edit cm b', { env: { KUBE_EDITOR: 'sed -i s/one:/three:/' } });
    await shell.type('get cm b -o jsonpath={.data}');
    await shell.type(['set', 'image', 'podtemplate/t', 'main=x']);
  },
  'delete names, selects and ignores': async (shell) => {
    await three(shell);
    await shell.type('delete cm a');
    await shell.type('delete cm a');
    await shell.type('delete cm a --ignore-not-found');
    await shell.type('delete cm c --dry-run=server');
    await shell.type('delete cm -l app=x');
    await shell.type('create secret generic one');
    await shell.type('create secret generic two');
    await shell.type('delete secrets --all');
    await shell.type('delete -f -', { stdin: inYaml('c', '') });
    await shell.type('create cm now');
    await shell.type('delete cm now --now --cascade=foreground');
    await shell.type('get cm');
  },
  'delete waits for a namespace to go': async (shell) => {
    await shell.type(`delete namespace ${shell.namespace} --timeout=50s`);
    await shell.type(`get namespace ${shell.namespace}`);
  },
  'wait waits for what is, comes and goes': async (shell) => {
    await three(shell);
    await shell.type('wait --for=create cm/a --timeout=5s');
    await shell.type('wait --for=jsonpath={.data.one}=1 cm/a --timeout=5s');
    await shell.type('wait --for=jsonpath={.data.one}=2 cm/a --timeout=1s');
    await shell.type('wait --for=delete cm/missing --timeout=5s');
    await shell.type('wait --for=condition=Ready cm/missing --timeout=1s');
    const deleted = shell.type('wait --for=delete cm/b --timeout=10s');
    await shell.api.quietly('DELETE', `${maps(shell.namespace)}/b`);
    await deleted;
  },
  'describe tells of each common kind': async (shell) => {
    const { api, namespace } = shell;
    await three(shell);
    await shell.type('describe cm a');
    await shell.type('describe sa default');
    await shell.type(`describe namespace ${namespace}`);
    await shell.type('create role r --verb=get --resource=pods --resource-name=p');
    await shell.type('create rolebinding r --role=r --user=ann --group=crew');
    await shell.type('describe role r');
    await shell.type('describe rolebinding r');
    await shell.type('create secret generic s --from-literal=a=1');
    await shell.type('describe secret s');
    await api.prepare(`/api/v1/namespaces/${namespace}/pods`, aPod('p', labelled(['app', 'p'])));
    await shell.type('describe pod p');
    await shell.type('describe clusterrole system:basic-user');
    await shell.type('describe cm missing');
  },
  'a pod is run, looked at and not found to say anything': async (shell) => {
    const overrides = JSON.stringify({ spec: { schedulerName: 'nobody' } });
    await shell.type([
      'run',
      'p',
      '--image=registry.example/app:1',
      `--overrides=${overrides}`,
      '--labels=a=b',
    ]);
    await shell.type('get pods -o wide');
    await shell.type('get pod p -o json');
    await shell.type('logs p');
    await shell.type('logs missing');
    await shell.type('exec p -- true');
    await shell.type('top pods');
    await shell.type('delete pod p');
  },
  'a deployment is made, changed and scaled': async (shell) => {
    await shell.type('apply -f -', { stdin: aDeployment('d') });
    await shell.type('scale deployment d --replicas=0');
    await shell.type('scale deployment d --replicas=3 --current-replicas=2');
    await shell.type('set image deployment/d main=registry.example/app:2');
    await shell.type('set env deployment/d A=1');
    await shell.type('rollout resume deployment d');
    await shell.type('rollout pause deployment d');
    await shell.type('rollout restart deployment d');
    await shell.type('scale deployment missing --replicas=1');
    await shell.type('autoscale deployment d --min=1 --max=2');
    await shell.type('expose deployment d --port=80');
  },
  'auth tells who one is and what one may': async (shell) => {
    await shell.type('auth whoami');
    await shell.type('auth whoami -o json');
    await shell.type('auth can-i delete nodes');
    await shell.type('auth can-i get pods --as=ann');
    await shell.type('auth can-i get pods --as=ann --as-group=system:masters');
    await shell.type('auth can-i get /metrics --as=ann');
    await shell.type('auth can-i get nonsense');
    await shell.type('auth can-i --list', { sorted: true });
    await shell.type('auth can-i --list --as=ann', { sorted: true });
    await shell.type('get cm --as=ann');
    await shell.type('auth reconcile -f -', {
      stdin: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'r', namespace: shell.namespace },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      },
    });
  },
  'what there is, and in which versions': async (shell) => {
    // Definitions of cases that run meanwhile.
    const builtIn = '--api-group=';
    for (const group of ['', 'apps', 'batch', 'rbac.authorization.k8s.io', 'apiextensions.k8s.io']) {
      await shell.type(`api-resources ${builtIn}${group} -o wide`);
    }
    await shell.type(`api-resources ${builtIn}apps -o name --sort-by=name`);
    await shell.type(`api-resources ${builtIn}authentication.k8s.io --namespaced=false`);
    await shell.type('version');
    await shell.type('version -o json');
    await shell.type('cluster-info');
  },
  'explain reads the schemas': async (shell) => {
    await shell.type('explain configmap');
    await shell.type('explain pod.spec.containers.resources');
    await shell.type('explain namespace --recursive');
    await shell.type('explain deployment.spec.strategy');
    await shell.type('explain role.rules');
    await shell.type('explain pod.nonsense');
    await shell.type('explain nonsense');
  },
  'raw requests go as they are': async (shell) => {
    const path = maps(shell.namespace);
    await shell.type(`get --raw ${path}/kube-root-ca.crt -o json`);
    await shell.type('get --raw /healthz');
    await shell.type('get --raw /readyz?verbose');
    await shell.type(`get --raw ${path}/missing`);
    await shell.type(`create --raw ${path} -f -`, { stdin: aMap('raw') });
    await shell.type(`delete --raw ${path}/raw`);
    await shell.type('get --raw /nonsense');
  },
  'a kind is declared, used and explained': async (shell) => {
    const group = `${shell.api.run}.example.com`;
    const lamp = (spec: JsonObject) => ({
      apiVersion: `${group}/v1`,
      kind: 'Lamp',
      metadata: { name: 'l' },
      spec,
    });
    await shell.type('apply -f -', { stdin: aDefinition(group) });
    await shell.type(`wait --for=condition=Established crd/lamps.${group} --timeout=20s`);
    await shell.api.insist('GET', `/apis/${group}/v1/lamps`, {}, ({ status }) => status === 200);
    await shell.api.insist('GET', `/openapi/v3/apis/${group}/v1`, {}, ({ status }) => status === 200);
    await shell.type('apply -f -', { stdin: lamp({ size: 3 }) });
    await shell.type('apply -f -', { stdin: lamp({ size: 4 }) });
    await shell.type('apply --server-side --force-conflicts -f -', { stdin: lamp({ size: 5 }) });
    await shell.type('apply -f -', { stdin: lamp({ size: 'big' }) });
    await shell.type('apply -f -', { stdin: lamp({ odd: 1 }) });
    await shell.type(`get lamps.${group}`);
    await shell.type(`explain lamps.spec --api-version=${group}/v1`);
    await shell.type(`api-resources --api-group=${group}`);
    await shell.type(`delete crd lamps.${group}`);
  },
};
