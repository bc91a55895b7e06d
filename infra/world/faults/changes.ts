import type { ApiAnswer } from '../kubernetes/api.ts';
import { textAnswer } from './answers.ts';
import type { RequestFault } from './fault.ts';

type Of<Kind extends RequestFault['kind']> = Extract<RequestFault, { kind: Kind }>;

/** The API server's own report, with these checks failing in it. */
export function unready({ checks }: Of<'unready'>, path: string, { status, body }: ApiAnswer): ApiAnswer {
  const found = status === 200 && typeof body === 'string' ? [...body.matchAll(/^\[\+\](\S+) ok$/gm)] : [];
  const names = found.length > 0 ? found.map(([, name]) => name!) : ['ping', 'log', 'etcd'];
  const lines = [...new Set([...names, ...checks])].map((name) =>
    checks.includes(name) ? `[-]${name} failed: reason withheld\n` : `[+]${name} ok\n`,
  );
  return textAnswer(500, `${lines.join('')}${path.slice(1)} check failed\n`);
}

export const otherVersion = ({ minor }: Of<'version'>, answer: ApiAnswer): ApiAnswer =>
  changed(answer, (version) => {
    const text = `v1.${minor}.0+simulated`;
    for (const field of Object.keys(version)) {
      if (field === 'gitVersion') version[field] = text;
      if (/^(minor|emulationMinor)$/.test(field)) version[field] = String(minor);
      if (field === 'minCompatibilityMinor') version[field] = String(minor - 1);
    }
  });

/** Any other will do, as long as it stays the same. */
const otherUid = '0ddc1057-e400-4000-8000-000000000000';

export const otherCluster = (answer: ApiAnswer): ApiAnswer =>
  changed(answer, (body) => {
    const { items = [], rows = [] } = body as { items?: unknown[]; rows?: { object?: unknown }[] };
    for (const object of [body, ...items, ...rows.map((row) => row.object)]) {
      const { metadata } = (object ?? {}) as { metadata?: Record<string, unknown> };
      if (metadata?.name === 'kube-system' && metadata.uid) metadata.uid = otherUid;
    }
  });

interface Group {
  name?: string;
  metadata?: { name?: string };
  versions: { version: string; groupVersion?: string; freshness?: string }[];
}

/** In the aggregated form the version is stale and empty; in the older one the group is listed as if all were well. */
export function apiUnavailable({ group, version }: Of<'apiUnavailable'>, answer: ApiAnswer): ApiAnswer {
  return changed(answer, (list) => {
    if (Array.isArray(list.items)) {
      const stale = { version, freshness: 'Stale' };
      const items = list.items as Group[];
      const found = items.find(({ metadata }) => metadata?.name === group);
      if (!found) items.push({ metadata: { name: group }, versions: [stale] });
      else found.versions = [stale, ...found.versions.filter((each) => each.version !== version)];
    } else if (Array.isArray(list.groups)) {
      const groups = list.groups as Group[];
      const listed = { groupVersion: `${group}/${version}`, version };
      if (!groups.some(({ name }) => name === group)) {
        groups.push(Object.assign({ name: group, versions: [listed] }, { preferredVersion: listed }));
      }
    }
  });
}

function changed(answer: ApiAnswer, change: (body: Record<string, unknown>) => void): ApiAnswer {
  const { status, headers, body } = answer;
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  if (status !== 200 || !isJson || (typeof body !== 'string' && !(body instanceof Uint8Array))) return answer;
  const parsed = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
  change(parsed);
  // A tag belongs to what it was made of.
  const { etag: _, ...kept } = headers;
  return { status, headers: kept, body: JSON.stringify(parsed) };
}
