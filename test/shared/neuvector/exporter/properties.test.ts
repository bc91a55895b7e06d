import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collected } from './collected.ts';
import { readExposition, repeatedSeries } from './readExposition.ts';
import { usual } from './scenarios.ts';

const text = fc.oneof(
  fc.constantFrom('a', 'b', '', '"', '\\', '\n', '\\n', '\r\n', '}', ',', 'a="b"', ' '),
  // Any code units: halves of characters, too.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const number = fc.oneof(fc.constantFrom(0, 1, 5), fc.double({ noNaN: true, noDefaultInfinity: true }));
const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 4, arbitrary: number },
  fc.jsonValue({ maxDepth: 2 }),
);
const element = (...fields: string[]) =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record(Object.fromEntries(fields.map((field) => [field, anything])), {
        requiredKeys: [],
      }),
    },
    fc.jsonValue({ maxDepth: 1 }),
  );
const list = (field: string, ...fields: string[]) =>
  fc.record({
    [field]: fc.oneof(
      { weight: 9, arbitrary: fc.array(element(...fields), { maxLength: 8 }) },
      fc.jsonValue(),
    ),
  });

const answers = fc.record({
  '/v1/system/summary': fc.record({
    summary: element('services', 'hosts', 'cvedb_version', 'cvedb_create_time'),
  }),
  '/v1/conversation': fc.record({
    conversations: fc.array(
      fc.record({ from: text, to: text, bytes: number, ports: fc.array(fc.oneof(text, anything)) }),
      { maxLength: 8 },
    ),
  }),
  '/v1/controller': list('controllers', 'host_name', 'display_name').map((given) => ({
    controllers: [given.controllers]
      .flat()
      .map((one) => (typeof one === 'object' ? { ...one, id: 'c1' } : one)),
  })),
  '/v1/controller/c1/stats': fc.record({ stats: fc.record({ span_1: element('cpu', 'memory') }) }),
  '/v1/host': list('hosts', 'id', 'name', 'memory'),
  '/v1/scan/registry/one/images': list('images', 'repository', 'tag', 'image_id', 'high', 'medium'),
  '/v1/scan/registry/two/images': list('images', 'repository', 'tag', 'image_id', 'high', 'medium'),
  '/v1/scan/platform': list('platforms', 'platform', 'high', 'medium'),
  '/v1/workload?brief=true': list('workloads', 'service', 'service_mesh_sidecar', 'scan_summary'),
  '/v1/log/threat': list('threats', 'id', 'name', 'reported_timestamp', 'client_workload_name'),
  '/v1/log/incident': list('incidents', 'id', 'name', 'reported_timestamp', 'file_name', 'workload_name'),
  '/v1/log/violation': list('violations', 'id', 'reported_timestamp', 'client_id', 'server_domain'),
  '/v1/fed/member': fc.record({
    fed_role: fc.constantFrom('', 'master', 'joint', null),
    master_cluster: fc.record({ name: text }),
    joint_clusters: fc.array(fc.record({ name: anything, status: anything }), { maxLength: 5 }),
  }),
});

test('whatever is answered, what is told parses and tells no series twice', async () => {
  await fc.assert(
    fc.asyncProperty(answers, fc.boolean(), text, async (given, compat, target) => {
      const { written } = await collected({ ...usual, ...given }, { compat, target });
      const read = readExposition(written);
      if (compat) return;
      expect(repeatedSeries(read)).toEqual([]);
      // All samples of a name stand together, after its head.
      const names = read.samples.map(({ name }) => name);
      expect(names.filter((name, i) => name !== names[i - 1])).toEqual(read.families.map(({ name }) => name));
    }),
    { numRuns: 60, seed: 7 },
  );
});
