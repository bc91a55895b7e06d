import type { KubeConnection } from '#kubernetes';
import type { Clock, Millis } from '#time';
import type { ClockSample } from './judgeClock.ts';

/** The connection, with each answer's time and date noted. */
export function timed(
  connection: KubeConnection,
  clock: Clock,
  note: { readonly took: Millis[]; readonly clocks: ClockSample[] },
): KubeConnection {
  return {
    get address() {
      return connection.address;
    },
    get certificate() {
      return connection.certificate;
    },
    async send(request) {
      const sentAt = clock.now();
      const answer = await connection.send(request);
      const receivedAt = clock.now();
      const date = Date.parse(String(answer.headers.date ?? ''));
      if (!Number.isNaN(date)) note.clocks.push({ date, sentAt, receivedAt });
      note.took.push(receivedAt - sentAt);
      return answer;
    },
    close: () => connection.close(),
  };
}
