import { isSameHash, type Sessions, sha256 } from '#auth';
import type { By, Records, Row } from '#reconcile';
import type { Clock } from '#time';
import { coreError } from './errors.ts';
import type { CoreData, TokenData } from './model.ts';
import { usedSide } from './store.ts';
import { newToken, rotated } from './tokens.ts';

/** The name of the first administrator's token. */
const name = 'administrator';

export interface AdministratorParts {
  core: Records<CoreData>;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

export interface Administrator {
  id: string;
  /** The token, where it was made now or the one known still works. */
  text: string;
  isNew: boolean;
}

/**
 * The first administrator's token: made where there is none. Whoever calls this has the deployment in their hands
 * (the data folder, or the right to invoke the core worker), which is why it may also replace a token whose text was
 * lost: `known` is the text they have. See docs/first-administrator.md.
 */
export async function ensureAdministrator(
  parts: AdministratorParts,
  known: string | undefined,
): Promise<Administrator> {
  const { core, clock, random } = parts;
  const row = await core.get(name, 'token');
  if (row?.data.kind === 'token' && row.deletedAt === undefined) {
    if (known !== undefined && works(row.data, known, clock.now())) {
      return { id: row.id, text: known, isNew: false };
    }
    return replace(parts, row);
  }
  const id = core.newId('token');
  const wish = {
    id,
    role: 'admin',
    description: 'The first administrator.',
    selector: null,
    expiresAt: null,
  } as const;
  const { data, text } = newToken(wish, null, clock.now(), random);
  const by: By = { actor: { kind: 'system', id: 'start', name: 'start' }, action: 'token.create' };
  const created = await core.create(
    { kind: 'token', id, name, labels: {}, data, sides: usedSide },
    { ...by, after: { role: 'admin' } },
  );
  // Another start came between: what it made is replaced, since its text is not known here.
  return created.outcome === 'created' ? { id, text, isNew: true } : ensureAdministrator(parts, known);
}

async function replace(
  { core, clock, random }: AdministratorParts,
  { id }: Row<CoreData>,
): Promise<Administrator> {
  let text = '';
  const by: By = { actor: { kind: 'system', id: 'start', name: 'start' }, action: 'token.rotate' };
  const changed = await core.change(
    id,
    'token',
    (row) => {
      if (row.data.kind !== 'token') return undefined;
      const made = rotated(row, row.data, { overlapSeconds: 0, expiresAt: null }, null, clock.now(), random);
      text = made.text;
      // The name may have been given to a lesser token since; what this answers is an administrator's.
      const data = { ...made.data, role: 'admin', selector: null } as const;
      return { data, events: [{ type: 'token.rotated' }] };
    },
    by,
  );
  if (changed.outcome !== 'changed') throw coreError('ADMINISTRATOR_BUSY');
  return { id, text, isNew: true };
}

function works({ role, secrets, expiresAt }: TokenData, text: string, now: number): boolean {
  if (role !== 'admin') return false;
  const used = secrets.find((secret) => isSameHash(secret.sha256, sha256(text)));
  return used !== undefined && [used.expiresAt, expiresAt].every((end) => end === null || end > now);
}

/** Where a browser signs in once, without typing: valid for a quarter of an hour. */
export const signInPath = async (sessions: Sessions, tokenId: string): Promise<string> =>
  `/sign-in?token=${await sessions.newLink(tokenId)}`;
