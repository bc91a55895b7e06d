import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decrypt, encrypt } from './aead.ts';
import { secretError } from './errors.ts';
import type { KeyKeeper } from './wrapping.ts';

/**
 * Wrapping keys in a file, a line each: name and 32 bytes in base64. The first line wraps what is new, all of them
 * open: to rotate, put a new line on top. Made, readable by its owner alone, where it is missing.
 */
export function keyFile(path: string): KeyKeeper {
  let keys: Promise<Map<string, Uint8Array>> | undefined;
  const load = () => {
    keys ??= readOrMake(path).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
  return {
    async newDataKey(scope) {
      // A line that was put on top since is the one; the others may be about to go.
      keys = undefined;
      const [[by, key]] = [...(await load())] as [[string, Uint8Array]];
      const plain = randomBytes(32);
      return { plain, wrapped: encrypt(key, plain, scope), by };
    },
    async unwrap(wrapped, by, scope) {
      let key = (await load()).get(by);
      if (!key) {
        // A key that was added since: another process may have begun to use it.
        keys = undefined;
        key = (await load()).get(by);
      }
      if (!key) throw secretError('KEY_UNKNOWN', { key: by, source: 'DROVER_KEY_FILE' });
      const plain = decrypt(key, wrapped, scope);
      if (!plain) throw secretError('DATA_KEY_DAMAGED', { key: by, scope });
      return plain;
    },
  };
}

async function readOrMake(path: string): Promise<Map<string, Uint8Array>> {
  const text = await readFile(path, 'utf8')
    .catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await make(path);
      return readFile(path, 'utf8');
    })
    .catch((cause: NodeJS.ErrnoException) => {
      throw secretError('KEY_FILE_INVALID', { reason: cause.code ?? 'unknown' }, { cause });
    });
  return parseKeys(text);
}

/** Puts a new key on top, where there is none of that name. */
export async function addKey(path: string, name: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (parseKeys(text).has(name)) return;
  await replace(path, `${lineOf(name)}${text}`);
}

/** Forgets all keys but one, and with them what only they can open. */
export async function keepKey(path: string, name: string): Promise<void> {
  const key = parseKeys(await readFile(path, 'utf8')).get(name);
  if (!key) throw secretError('KEY_UNKNOWN', { key: name, source: 'DROVER_KEY_FILE' });
  await replace(path, `${name} ${Buffer.from(key).toString('base64')}\n`);
}

const lineOf = (name: string): string => `${name} ${randomBytes(32).toString('base64')}\n`;

/** Whole, so that who reads it meanwhile reads one or the other. */
async function replace(path: string, text: string): Promise<void> {
  const draft = draftOf(path);
  await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, path);
}

const draftOf = (path: string): string => `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;

/** Linked into place whole, so that of two processes that start together one wins and neither reads half a file. */
async function make(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = draftOf(path);
  await writeFile(draft, lineOf(`k${randomBytes(4).toString('hex')}`), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}

function parseKeys(text: string): Map<string, Uint8Array> {
  const keys = new Map<string, Uint8Array>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name, base64] = /^([\w-]{1,64}) ([A-Za-z0-9+/]{43}=)\r?$/.exec(line) ?? [];
    if (name === undefined || base64 === undefined || keys.has(name)) {
      throw secretError('KEY_FILE_INVALID', { reason: `line ${index + 1}` });
    }
    keys.set(name, Buffer.from(base64, 'base64'));
  }
  if (keys.size === 0) throw secretError('KEY_FILE_INVALID', { reason: '0 keys' });
  return keys;
}
