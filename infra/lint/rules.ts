import type { Destination, Import } from './imports.ts';
import type { Source } from './source.ts';

/** Folders of shared/ that do one of Drover's jobs; all others there are services to them. */
export const areas: readonly string[] = ['clusters', 'join', 'prewarm', 'migration', 'core'];

/** What pure files may use as values: the language, schemas, and names that neither read nor wait. */
const pureValues: Record<string, readonly string[] | 'all'> = {
  zod: 'all',
  '@hono/zod-openapi': 'all',
  '#errors': 'all',
  // Catalogues, which are pure themselves.
  '#net/errors': 'all',
  '#kubernetes/errors': 'all',
  '#reconcile': ['delayAfter', 'jittered'],
  '#time': ['second', 'minute', 'hour', 'day', 'iso'],
};

/** One import seen from the file it stands in. */
export interface Seen {
  readonly from: string;
  readonly imported: Import;
  readonly to: Destination;
  /** The file is pure, by its name or because a pure file is made of it. */
  readonly isPure: boolean;
}

export interface Rule {
  readonly name: string;
  /** Said with the breach: why there is such a rule. */
  readonly reason: string;
  isBroken(seen: Seen): boolean;
}

const folderOf = (file: string): string => file.split('/')[0]!;
const sharedFolder = (file: string): string | undefined => /^shared\/([^/]+)\//.exec(file)?.[1];

export const rules: readonly Rule[] = [
  {
    name: 'one way',
    reason:
      'shared/ is the program and knows nothing of the doors, pages and tools around it: it must run unchanged under Lambda, in the emulator and in a container.',
    isBroken: ({ from, to }) => folderOf(from) === 'shared' && 'file' in to && folderOf(to.file) !== 'shared',
  },
  {
    name: 'functions stand alone',
    reason: 'functions/ is deployed; infra/, console/, cli/, client/ and test/ are not part of it.',
    isBroken: ({ from, to }) =>
      folderOf(from) === 'functions' &&
      'file' in to &&
      !['functions', 'shared', 'package.json'].includes(folderOf(to.file)),
  },
  {
    name: 'services know no areas',
    reason: 'a service serves every area; knowing one would tie all others to it.',
    isBroken: ({ from, to }) => {
      const service = sharedFolder(from);
      const area = 'file' in to ? sharedFolder(to.file) : undefined;
      return service !== undefined && !areas.includes(service) && area !== undefined && areas.includes(area);
    },
  },
  {
    name: 'by name across folders',
    reason:
      'a folder of shared/ is reached through its index.ts by its #name, so that what lies behind it can change.',
    isBroken: ({ from, to }) =>
      folderOf(from) !== 'test' &&
      'file' in to &&
      !to.isNamed &&
      sharedFolder(to.file) !== undefined &&
      sharedFolder(to.file) !== sharedFolder(from),
  },
  {
    name: 'by file within a folder',
    reason: 'a folder’s own index.ts is its face to others; importing it from inside makes a circle.',
    isBroken: ({ from, to }) =>
      'file' in to && sharedFolder(from) !== undefined && to.file === `shared/${sharedFolder(from)}/index.ts`,
  },
  {
    name: 'through the client',
    reason:
      'console and command line speak to the HTTP API through client/ and nothing else, so that both prove the API complete.',
    isBroken: ({ from, to }) =>
      ['console', 'cli'].includes(folderOf(from)) &&
      'file' in to &&
      ![folderOf(from), 'client'].includes(folderOf(to.file)),
  },
  {
    name: 'pure',
    reason:
      'model, decide and errors are pure: what they need of the world comes in as values, so that a decision can be replayed.',
    isBroken: ({ imported, to, isPure }) => {
      if (!isPure || imported.isTypeOnly) return false;
      const allowed = pureValues[imported.specifier];
      if (allowed !== undefined) {
        return allowed !== 'all' && !imported.names.every((name) => allowed.includes(name));
      }
      return 'package' in to || to.isNamed || /\/(observe|act|store|metrics|index)\.ts$/.test(to.file);
    },
  },
];

/** `file:line imports '…' (rule): reason`, for every import that breaks a rule. */
export function importBreaches({ files, pure }: Source): string[] {
  return [...files].flatMap(([from, imports]) =>
    imports.flatMap(({ imported, to }) =>
      rules
        .filter((rule) => rule.isBroken({ from, imported, to, isPure: pure.has(from) }))
        .map(
          ({ name, reason }) =>
            `${from}:${imported.line} imports '${imported.specifier}' (${name}): ${reason}`,
        ),
    ),
  );
}
