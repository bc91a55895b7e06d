import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../objects.ts';
import type { Cause } from '../status.ts';
import { duplicate, notFound, notValid, required } from './causes.ts';
import { arrayOf, type Fields, fieldsOf } from './defaultValues.ts';

/** What code, not schema, demands of some kinds; by resource. */
export const rulesInCode: Readonly<
  Record<string, (object: KubeObject, before: KubeObject | undefined) => Cause[]>
> = {
  'deployments.apps': checkSelected,
  'replicasets.apps': checkSelected,
  'daemonsets.apps': checkSelected,
  'statefulsets.apps': checkSelected,
  'jobs.batch': (job, before) => [
    ...checkEnding(fieldsOf(job.spec)?.template, 'spec.template'),
    ...(before ? checkUnchanged(job, before, ['completions', 'selector', 'completionMode']) : []),
  ],
  nodes: (node) => checkNode(fieldsOf(node.spec) ?? {}),
  pods: (pod) => checkPod(fieldsOf(pod.spec) ?? {}),
  services: (service) => checkService(fieldsOf(service.spec) ?? {}),
  'customresourcedefinitions.apiextensions.k8s.io': checkDefinition,
  'cronjobs.batch': (job) =>
    checkEnding(
      fieldsOf(fieldsOf(fieldsOf(job.spec)?.jobTemplate)?.spec)?.template,
      'spec.jobTemplate.spec.template',
    ),
};

function checkSelected({ kind, spec }: KubeObject, before: KubeObject | undefined): Cause[] {
  const { selector, template } = fieldsOf(spec) ?? {};
  if (isEmptySelector(selector)) {
    return [notValid('spec.selector', selector, `empty selector is invalid for ${kind.toLowerCase()}`)];
  }
  const labels = fieldsOf(fieldsOf(template)?.metadata)?.labels;
  const wanted = Object.entries(fieldsOf(fieldsOf(selector)?.matchLabels) ?? {});
  const isSelected =
    fieldsOf(selector) && wanted.every(([key, value]) => (labels as Fields | undefined)?.[key] === value);
  const old = before && fieldsOf(before.spec)?.selector;
  return [
    ...(isSelected
      ? []
      : [notValid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]),
    ...(before && !isDeepStrictEqual(old, selector)
      ? [notValid('spec.selector', selector, 'field is immutable')]
      : []),
  ];
}

/** Pods of a job end. */
function checkEnding(template: unknown, field: string): Cause[] {
  const policy = fieldsOf(fieldsOf(template)?.spec)?.restartPolicy;
  return policy === 'Always'
    ? [required(`${field}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')]
    : [];
}

const isEmptySelector = (selector: unknown) =>
  fieldsOf(selector) !== undefined && Object.keys(fieldsOf(selector) ?? {}).length === 0;

function checkUnchanged({ spec }: KubeObject, before: KubeObject, names: readonly string[]): Cause[] {
  const [now, then] = [fieldsOf(spec) ?? {}, fieldsOf(before.spec) ?? {}];
  return names
    .filter((name) => !isDeepStrictEqual(now[name], then[name]))
    .map((name) => notValid(`spec.${name}`, now[name], 'field is immutable'));
}

function checkPod(spec: Fields): Cause[] {
  const volumes = new Set(arrayOf(spec.volumes).map(({ name }) => name));
  const names = new Set<unknown>();
  return arrayOf(spec.containers).flatMap((container, index) => {
    const field = `spec.containers[${index}]`;
    const isTaken = names.has(container.name);
    names.add(container.name);
    return [
      ...(isTaken ? [duplicate(`${field}.name`, container.name)] : []),
      ...arrayOf(container.volumeMounts).flatMap(({ name }, at) =>
        volumes.has(name) ? [] : [notFound(`${field}.volumeMounts[${at}].name`, name)],
      ),
    ];
  });
}

function checkNode({ podCIDRs = [] }: Fields): Cause[] {
  return (podCIDRs as string[]).flatMap((range, index) =>
    isRange(range)
      ? []
      : [
          notValid(
            `spec.podCIDRs[${index}]`,
            range,
            'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
          ),
        ],
  );
}

function isRange(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  return isIP(address) !== 0 && /^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
}

function checkService(spec: Fields): Cause[] {
  const ports = arrayOf(spec.ports);
  if (ports.length === 0) {
    return spec.type === 'ExternalName' || spec.clusterIP === 'None' ? [] : [required('spec.ports')];
  }
  return ports.length === 1
    ? []
    : ports.flatMap(({ name }, index) => (name ? [] : [required(`spec.ports[${index}].name`)]));
}

/** As the server shows its own type, where a schema that is the same for all versions has moved up. */
const shownVersion = ({ name, served, storage }: Fields) => ({
  Name: name,
  Served: served,
  Storage: storage,
  Deprecated: false,
  DeprecationWarning: null,
  Schema: null,
  Subresources: null,
  AdditionalPrinterColumns: null,
  SelectableFields: null,
});

function checkDefinition({ metadata, spec }: KubeObject): Cause[] {
  const { group = '', names, versions } = fieldsOf(spec) ?? {};
  const all = arrayOf(versions);
  const causes: Cause[] = [];
  if (metadata.name !== `${fieldsOf(names)?.plural}.${group}`) {
    causes.push(notValid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  for (const [index, { schema }] of all.entries()) {
    if (!fieldsOf(fieldsOf(schema)?.openAPIV3Schema)) {
      causes.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
    }
  }
  if (all.filter(({ storage }) => storage === true).length !== 1) {
    causes.push(
      notValid(
        'spec.versions',
        all.map(shownVersion),
        'must have exactly one version marked as storage version',
      ),
      notValid('status.storedVersions', null, 'must have at least one stored version'),
    );
  }
  return causes;
}
