import { expect, test } from 'vitest';
import { jsonPath } from '../../../../../infra/world/kubernetes/table/jsonPath.ts';

const object = {
  metadata: { labels: { 'a.b/c': 'labelled' } },
  spec: { hosts: ['one', 'two'], none: null },
  status: {
    conditions: [
      { type: 'Synced', status: 'False' },
      { type: 'Ready', status: 'True', of: { name: 'x' } },
    ],
  },
};

test.each<[string, unknown[]]>([
  ['.spec.hosts[0]', ['one']],
  ['.spec.hosts[-1]', ['two']],
  ['.spec.hosts[5]', []],
  ['.spec.hosts[*]', ['one', 'two']],
  ['.spec.none', [null]],
  ['.spec.missing.deep', []],
  ['.metadata.labels.a\\.b/c', ['labelled']],
  [".metadata.labels['a.b/c']", ['labelled']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".status.conditions[?(@.type=='Ready')].status", ['True']],
  ['.status.conditions[?(@.type!="Ready")].type', ['Synced']],
  ['.status.conditions[?(@.of.name=="x")].type', ['Ready']],
  ['.status.conditions[*].type', ['Synced', 'Ready']],
  ['.spec.[', []],
])('%s finds what it names', (path, found) => {
  expect(jsonPath(path)(object)).toEqual(found);
});
