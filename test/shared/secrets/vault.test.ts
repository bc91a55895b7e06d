import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVault, keyFile } from '#secrets';
import { keys, MemoryTable } from '#store';
import { DataKeys } from '../../../shared/secrets/dataKeys.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

let folder: string;
let files = 0;
const aFile = () => join(folder, `${++files}`, 'keys');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

const owner = { area: 'clusters', id: 'clu_1', version: 3 };
const aVault = (table = new MemoryTable(), path = aFile()) =>
  createVault(table, keyFile(path), new SteppedClock());

describe('a sealed secret', () => {
  test('opens to what was sealed, whatever that is', async () => {
    const vault = aVault();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.string(),
        fc.nat(),
        async (secret, id, version) => {
          const whose = { area: 'clusters', id, version };
          expect(new Uint8Array(await vault.open(await vault.seal(secret, whose), whose))).toEqual(secret);
        },
      ),
      { seed: 1 },
    );
  });

  test('is different each time and shows nothing of the secret', async () => {
    const vault = aVault();
    const [one, two] = [await vault.seal('secret-token', owner), await vault.seal('secret-token', owner)];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1\.clusters#\d\d\.1\.[\w-]+$/);
    expect(one + Buffer.from(one.split('.')[3]!, 'base64url').toString('latin1')).not.toContain(
      'secret-token',
    );
  });

  test('cannot be made under a lost key until the data key is rotated; then it can', async () => {
    const table = new MemoryTable();
    const old = await aVault(table).seal('before', owner);
    const vault = aVault(table);
    await expect(vault.seal('after', owner)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
    await vault.rotate(owner.area, owner.id);
    const sealed = await vault.seal('after', owner);
    expect(String(await vault.open(sealed, owner))).toBe('after');
    await expect(vault.open(old, owner)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });

  test.each([
    ['another record', { ...owner, id: 'clu_2' }],
    ['another version', { ...owner, version: 4 }],
    ['another area', { ...owner, area: 'join' }],
  ])('does not open for %s', async (_, other) => {
    const vault = aVault();
    await vault.seal('so that the other has a key', other);
    const sealed = await vault.seal('a token', owner);
    await expect(vault.open(sealed, other)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  test('does not open for another record of the same slice', async () => {
    const vault = aVault();
    const neighbour = Array.from({ length: 1_000 }, (_, i) => `clu_x${i}`).find(
      (id) => keys.sliceOf(id) === keys.sliceOf(owner.id),
    )!;
    const sealed = await vault.seal('a token', owner);
    await expect(vault.open(sealed, { ...owner, id: neighbour })).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
  });

  test('does not open when a single bit was changed, nor in nonsense', async () => {
    const vault = aVault();
    const sealed = await vault.seal('a token', owner);
    const [version, scope, generation, body] = sealed.split('.') as [string, string, string, string];
    const raw = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = Buffer.from(raw);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const text = `${version}.${scope}.${generation}.${changed.toString('base64url')}`;
      await expect(vault.open(text, owner)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    }
    for (const text of ['', 'a token', 'v1', `v1.${scope}.1.`, `v1.${scope}.1.AA`, `v2.${scope}.1.${body}`]) {
      await expect(vault.open(text, owner)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    }
    await expect(vault.open(`v1.${scope}.2.${body}`, owner)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });

  test('needs both the table’s data key and the key file', async () => {
    const table = new MemoryTable();
    const sealed = await aVault(table).seal('a token', owner);
    await expect(aVault(table).open(sealed, owner)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
    await expect(aVault().open(sealed, owner)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' });
  });
});

describe('keys change', () => {
  test('after a rotation new secrets name the new data key and old ones still open', async () => {
    const table = new MemoryTable();
    const path = aFile();
    const vault = aVault(table, path);
    const before = await vault.seal('one', owner);
    await vault.rotate(owner.area, owner.id);
    const after = await vault.seal('two', owner);
    expect([before, after].map((sealed) => sealed.split('.')[2])).toEqual(['1', '2']);
    const elsewhere = aVault(table, path);
    expect((await elsewhere.open(before, owner)).toString()).toBe('one');
    expect((await elsewhere.open(after, owner)).toString()).toBe('two');
  });

  test('a second line on top of the key file wraps what is new; what the old one wrapped opens', async () => {
    const table = new MemoryTable();
    const path = aFile();
    const running = aVault(table, path);
    const before = await running.seal('one', owner);
    await writeFile(path, `new ${Buffer.alloc(32, 7).toString('base64')}\n${await readFile(path, 'utf8')}`);

    const restarted = aVault(table, path);
    await restarted.rotate(owner.area, owner.id);
    const after = await restarted.seal('two', owner);
    expect((await restarted.open(before, owner)).toString()).toBe('one');
    // The one that read the file before the line was there finds it.
    expect((await running.open(after, owner)).toString()).toBe('two');
  });

  test('two processes that seal the first secret of a slice at once agree on one data key', async () => {
    const table = new MemoryTable();
    const path = aFile();
    const vaults = Array.from({ length: 8 }, () => aVault(table, path));
    const sealed = await Promise.all(vaults.map((vault) => vault.seal('a token', owner)));
    for (const vault of [...vaults, aVault(table, path)]) {
      for (const one of sealed) expect((await vault.open(one, owner)).toString()).toBe('a token');
    }
    expect(new Set(sealed.map((one) => one.split('.')[2]))).toEqual(new Set(['1']));
  });
});

describe('opened data keys', () => {
  test('are kept for five minutes at most, and never more than allowed', async () => {
    const clock = new SteppedClock();
    let unwrapped = 0;
    const file = keyFile(aFile());
    const dataKeys = new DataKeys(
      new MemoryTable(),
      {
        newDataKey: (scope) => {
          unwrapped++;
          return file.newDataKey(scope);
        },
        unwrap: (...all) => {
          unwrapped++;
          return file.unwrap(...all);
        },
      },
      clock,
      3,
    );
    for (const scope of ['a', 'b', 'c', 'd', 'a']) await dataKeys.newest(scope);
    expect(dataKeys.opened).toBe(3);
    expect(unwrapped).toBe(5);
    await dataKeys.newest('a');
    expect(unwrapped).toBe(5);
    await clock.step(300_000);
    await dataKeys.newest('a');
    expect(unwrapped).toBe(6);
    expect(dataKeys.opened).toBe(1);
  });

  test('cannot be spelled out by logs', async () => {
    const { key } = await new DataKeys(new MemoryTable(), keyFile(aFile()), new SteppedClock()).newest('a');
    const bytes = key.export();
    expect(inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)).not.toContain(
      bytes.toString('base64').slice(0, 8),
    );
  });
});

describe('the key file', () => {
  test('is made, readable by its owner alone, where it is missing', async () => {
    const path = aFile();
    await aVault(new MemoryTable(), path).seal('a token', owner);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^k[0-9a-f]{8} [A-Za-z0-9+/]{43}=\n$/);
  });

  test('made by several at once is one file', async () => {
    const path = aFile();
    const table = new MemoryTable();
    const sealed = await Promise.all(
      Array.from({ length: 8 }, (_, i) => aVault(table, path).seal('x', { ...owner, id: `clu_${i}` })),
    );
    const later = aVault(table, path);
    for (const [i, one] of sealed.entries())
      expect((await later.open(one, { ...owner, id: `clu_${i}` })).toString()).toBe('x');
  });

  test.each([
    ['empty', ''],
    ['comments only', '# nothing\n'],
    ['a short key', 'k1 AAAA\n'],
    ['no name', `${'A'.repeat(43)}=\n`],
    ['a name twice', `k1 ${'A'.repeat(43)}=\nk1 ${'A'.repeat(43)}=\n`],
  ])('is refused, and left as it is: %s', async (_, text) => {
    const path = join(folder, 'bad');
    await writeFile(path, text);
    await expect(aVault(new MemoryTable(), path).seal('a token', owner)).rejects.toMatchObject({
      code: 'KEY_FILE_INVALID',
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
