import { netError } from '#net';
import type { Millis } from '#time';
import type { Asked, KubeAnswer } from './access.ts';
import { notKubernetes } from './notKubernetes.ts';

export class Answer implements KubeAnswer {
  readonly asked: Asked;
  readonly status: number;
  readonly headers: KubeAnswer['headers'];
  readonly body: Uint8Array;
  readonly ms: Millis;

  constructor({ asked, status, headers, body, ms }: Omit<KubeAnswer, 'json'>) {
    this.asked = asked;
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.ms = ms;
  }

  json(): unknown {
    if (!isJson(this)) throw notKubernetes(this);
    try {
      return JSON.parse(
        Buffer.from(this.body.buffer, this.body.byteOffset, this.body.length).toString('utf8'),
      );
    } catch (error) {
      // Its length was not told, or somebody on the way ended it as if it were whole.
      const { host, port } = this.asked;
      throw netError('HTTP_CUT', { host, port }, { cause: error });
    }
  }
}

export const contentTypeOf = ({ headers }: Pick<KubeAnswer, 'headers'>): string =>
  String(headers['content-type'] ?? '');

export const isJson = (answer: Pick<KubeAnswer, 'headers'>): boolean =>
  /^application\/json\b/i.test(contentTypeOf(answer));
