import type { Instant } from '#time';
import type { Item, ItemOf } from './items.ts';
import type { SyncKind } from './kinds.ts';
import { millis, quantity } from './quantity.ts';
import { bornAt, Columns, labelsIn, type Metadata, nameIn, type Table } from './table.ts';

/** What the reader of one page is told of it. */
export interface Read {
  now: Instant;
  /** Of what was listed in one namespace alone; a table without objects does not say. */
  namespace: string | null;
}

export type Tally = (name: string, by: number) => void;

interface Listed {
  /** `/api/v1/pods`, or of one namespace. */
  path(namespace: string | null): string;
  isNamespaced: boolean;
  query?: Record<string, string>;
  /** More than these are not kept: the list is partial. */
  most: number;
  /** Of a page, where its objects are large. */
  atOnce?: number;
}

/** Where a list comes from and what is kept of it. */
export type Source = Listed &
  (
    | {
        form: 'table';
        /** Its metadata may repeat what it holds: only cells are asked for, which takes a list per namespace. */
        isDiscreet?: true;
        reader(table: Table, read: Read): (row: Table['rows'][number]) => Item;
        tally?(item: Item, add: Tally): void;
      }
    | {
        form: 'objects';
        read(object: KubeObject): Item | undefined;
        tally?(item: Item, add: Tally): void;
        /** Not to be broken off and gone on with: it is put in order, newest first, when all is there. */
        newest?: number;
      }
  );

export interface KubeObject {
  metadata?: Metadata;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

const many = 250_000;

const listed = (base: string, resource: string, more: Partial<Listed> = {}): Listed => ({
  path: (namespace) => `${base}${namespace === null ? '' : `/namespaces/${namespace}`}/${resource}`,
  isNamespaced: true,
  most: many,
  ...more,
});

const core = (resource: string, more?: Partial<Listed>) => listed('/api/v1', resource, more);
const apps = (resource: string) => listed('/apis/apps/v1', resource);

/** What every row has: its metadata where that was sent, else what the cells and the question tell. */
function common(columns: Columns, { now, namespace }: Read) {
  const name = columns.text('Name');
  const age = columns.text('Age');
  const born = agesAt(now);
  return ({ cells, object }: Table['rows'][number]) => {
    const metadata = object?.metadata;
    return {
      namespace: nameIn(metadata?.namespace) ?? namespace ?? '',
      name: nameIn(metadata?.name) ?? nameIn(name(cells))!,
      createdAt: time(metadata?.creationTimestamp) ?? born(age(cells)),
    };
  };
}

/** Thousands of one page are of the same age: `5d`. */
function agesAt(now: Instant): (age: string) => Instant | null {
  const known = new Map<string, Instant | null>();
  return (age) => {
    const found = known.get(age);
    if (found !== undefined) return found;
    const at = bornAt(age, now);
    known.set(age, at);
    return at;
  };
}

/** A table whose every item is its common members and some cells. */
const cells =
  <K extends SyncKind>(own: (columns: Columns) => (cells: unknown[]) => Omit<ItemOf<K>, keyof Common>) =>
  (table: Table, read: Read) => {
    const columns = new Columns(table);
    const shared = common(columns, read);
    const rest = own(columns);
    return (row: Table['rows'][number]) => ({ ...shared(row), ...rest(row.cells) }) as unknown as Item;
  };

interface Common {
  namespace: string;
  name: string;
  createdAt: Instant | null;
}

const workload = (columns: Columns) => {
  const [ready, wanted] = [columns.number('Ready'), columns.whole('Ready')];
  const images = columns.words('Images');
  return (row: unknown[]) => ({ ready: ready(row), wanted: wanted(row), images: images(row) });
};

const tallyReady = (item: Item, add: Tally): void => {
  const { ready, wanted } = item as ItemOf<'deployments'>;
  if (ready >= wanted) add('ready', 1);
};

export const sources: Record<SyncKind, Source> = {
  namespaces: {
    ...core('namespaces', { isNamespaced: false }),
    form: 'table',
    reader: (table, { now }) => {
      const columns = new Columns(table);
      const [name, status, age] = [columns.text('Name'), columns.text('Status'), columns.text('Age')];
      return ({ cells: row, object }) => ({
        name: nameIn(object?.metadata?.name) ?? nameIn(name(row))!,
        createdAt: time(object?.metadata?.creationTimestamp) ?? bornAt(age(row), now),
        phase: status(row),
        labels: labelsIn(object?.metadata?.labels),
      });
    },
  },
  nodes: {
    // Each tells the fifty images that lie on it: some 10 kB.
    ...core('nodes', { isNamespaced: false, atOnce: 100 }),
    form: 'objects',
    read: node,
    tally: (item, add) => {
      const { ready, schedulable, cpuMillis, memoryBytes, pods } = item as ItemOf<'nodes'>;
      if (ready) add('ready', 1);
      if (ready && schedulable) add('schedulable', 1);
      add('cpuMillis', cpuMillis);
      add('memoryBytes', memoryBytes);
      add('pods', pods);
    },
  },
  deployments: {
    ...apps('deployments'),
    form: 'table',
    reader: cells<'deployments'>((columns) => {
      const own = workload(columns);
      const [upToDate, available] = [columns.number('Up-to-date'), columns.number('Available')];
      return (row) => ({ ...own(row), upToDate: upToDate(row), available: available(row) });
    }),
    tally: tallyReady,
  },
  statefulsets: {
    ...apps('statefulsets'),
    form: 'table',
    reader: cells<'statefulsets'>(workload),
    tally: tallyReady,
  },
  daemonsets: {
    ...apps('daemonsets'),
    form: 'table',
    reader: cells<'daemonsets'>((columns) => {
      const [wanted, ready] = [columns.number('Desired'), columns.number('Ready')];
      const [upToDate, available] = [columns.number('Up-to-date'), columns.number('Available')];
      const images = columns.words('Images');
      return (row) => ({
        wanted: wanted(row),
        ready: ready(row),
        upToDate: upToDate(row),
        available: available(row),
        images: images(row),
      });
    }),
    tally: tallyReady,
  },
  services: {
    ...core('services'),
    form: 'table',
    reader: cells<'services'>((columns) => {
      const type = columns.text('Type');
      const [inside, outside] = [columns.value('Cluster-IP'), columns.value('External-IP')];
      const ports = columns.value('Port(s)');
      return (row) => ({
        type: type(row),
        clusterIp: inside(row),
        externalIp: outside(row),
        ports: ports(row),
      });
    }),
  },
  pods: {
    ...core('pods'),
    form: 'table',
    reader: cells<'pods'>((columns) => {
      const status = columns.text('Status');
      const [ready, containers] = [columns.number('Ready'), columns.whole('Ready')];
      const restarts = columns.number('Restarts');
      const [node, ip] = [columns.value('Node'), columns.value('IP')];
      return (row) => ({
        status: status(row),
        ready: ready(row),
        containers: containers(row),
        restarts: restarts(row),
        node: node(row),
        ip: ip(row),
      });
    }),
    tally: (item, add) => {
      const { status } = item as ItemOf<'pods'>;
      if (status === 'Running') add('running', 1);
    },
  },
  configmaps: {
    ...core('configmaps'),
    form: 'table',
    reader: cells<'configmaps'>((columns) => {
      const data = columns.number('Data');
      return (row) => ({ keys: data(row) });
    }),
  },
  quotas: { ...core('resourcequotas'), form: 'objects', read: quota },
  events: {
    ...core('events', { query: { fieldSelector: 'type=Warning' }, most: 2_000 }),
    form: 'objects',
    read: event,
    newest: 500,
  },
  secrets: {
    ...core('secrets'),
    form: 'table',
    isDiscreet: true,
    reader: cells<'secrets'>((columns) => {
      const type = columns.text('Type');
      return (row) => ({ type: type(row) });
    }),
  },
};

function node({ metadata, spec, status }: KubeObject): ItemOf<'nodes'> {
  const { allocatable, conditions, nodeInfo, addresses } = (status ?? {}) as {
    allocatable?: Record<string, string>;
    conditions?: { type: string; status: string }[];
    nodeInfo?: Record<string, string>;
    addresses?: { type: string; address: string }[];
  };
  const roleLabel = 'node-role.kubernetes.io/';
  return {
    name: nameIn(metadata?.name) ?? '',
    createdAt: time(metadata?.creationTimestamp),
    ready: conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    schedulable: spec?.unschedulable !== true,
    roles: Object.keys(labelsIn(metadata?.labels)).flatMap((label) =>
      label.startsWith(roleLabel) ? [label.slice(roleLabel.length)] : [],
    ),
    kubeletVersion: nodeInfo?.kubeletVersion ?? '',
    os: nodeInfo?.operatingSystem ?? '',
    architecture: nodeInfo?.architecture ?? '',
    address: addresses?.find(({ type }) => type === 'InternalIP')?.address ?? null,
    cpuMillis: millis(allocatable?.cpu),
    memoryBytes: Math.round(quantity(allocatable?.memory)),
    pods: quantity(allocatable?.pods),
  };
}

function quota({ metadata, spec, status }: KubeObject): ItemOf<'quotas'> {
  return {
    namespace: nameIn(metadata?.namespace) ?? '',
    name: nameIn(metadata?.name) ?? '',
    createdAt: time(metadata?.creationTimestamp),
    hard: ((status?.hard ?? spec?.hard) as Record<string, string> | undefined) ?? {},
    used: (status?.used as Record<string, string> | undefined) ?? {},
  };
}

const longestMessage = 300;

function event(object: KubeObject): ItemOf<'events'> {
  const { metadata, reason, message, count } = object;
  const { involvedObject, series, lastTimestamp, eventTime } = object as {
    involvedObject?: { kind?: string; namespace?: string; name?: string };
    series?: { count?: number; lastObservedTime?: string };
    lastTimestamp?: string;
    eventTime?: string;
  };
  const createdAt = time(metadata?.creationTimestamp);
  return {
    namespace: nameIn(metadata?.namespace) ?? '',
    name: nameIn(metadata?.name) ?? '',
    createdAt,
    reason: String(reason ?? ''),
    message: String(message ?? '').slice(0, longestMessage),
    object: {
      kind: involvedObject?.kind ?? '',
      namespace: involvedObject?.namespace ?? null,
      name: involvedObject?.name ?? '',
    },
    count: Number(series?.count ?? count ?? 1),
    lastAt: time(series?.lastObservedTime) ?? time(lastTimestamp) ?? time(eventTime) ?? createdAt ?? 0,
  };
}

function time(text: string | undefined): Instant | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}

/** By what a list is ordered. */
export function placeOf(kind: SyncKind, item: Item): string {
  const name = 'namespace' in item ? `${item.namespace}/${item.name}` : item.name;
  if (kind !== 'events') return name;
  return `${String(9_999_999_999_999 - (item as ItemOf<'events'>).lastAt).padStart(13, '0')}/${name}`;
}
