import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * What tells the settings of a membership from others without telling them: they hold secrets that somebody chose, so
 * a plain digest could be tried out. It costs some 50 ms, so each process asks once for settings that stay.
 */
export class Marks {
  #known: { text: string; mark: string } | undefined;

  async of(text: string): Promise<string> {
    const salt = randomBytes(16);
    const mark = `s1.${salt.toString('base64url')}.${(await digest(text, salt)).toString('base64url')}`;
    this.#known = { text, mark };
    return mark;
  }

  async isOf(mark: string, text: string): Promise<boolean> {
    if (this.#known?.mark === mark) return this.#known.text === text;
    const [, salt, kept] = /^s1\.([\w-]+)\.([\w-]+)$/.exec(mark) ?? [];
    if (salt === undefined || kept === undefined) return false;
    const found = await digest(text, Buffer.from(salt, 'base64url'));
    const wanted = Buffer.from(kept, 'base64url');
    if (found.length !== wanted.length || !timingSafeEqual(found, wanted)) return false;
    this.#known = { text, mark };
    return true;
  }
}

const digest = (text: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(text, salt, 32, (error, key) => (error ? reject(error) : resolve(key))),
  );
