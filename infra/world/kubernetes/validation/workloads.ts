import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../objects.ts';
import type { Cause } from '../status.ts';
import { notValid, required } from './causes.ts';
import { type Fields, fieldsOf } from './defaultValues.ts';

/** What code, not schema, demands of what makes pods; by resource. */
export const workloadRules: Readonly<
  Record<string, (object: KubeObject, before: KubeObject | undefined) => Cause[]>
> = {
  'deployments.apps': checkSelected,
  'replicasets.apps': checkSelected,
  'daemonsets.apps': checkSelected,
  'statefulsets.apps': checkSelected,
  'jobs.batch': (job) => checkEnding(fieldsOf(job.spec)?.template, 'spec.template'),
  'cronjobs.batch': (job) =>
    checkEnding(
      fieldsOf(fieldsOf(fieldsOf(job.spec)?.jobTemplate)?.spec)?.template,
      'spec.jobTemplate.spec.template',
    ),
};

function checkSelected({ spec }: KubeObject, before: KubeObject | undefined): Cause[] {
  const { selector, template } = fieldsOf(spec) ?? {};
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
