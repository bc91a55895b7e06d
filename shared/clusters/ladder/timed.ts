import type { KubeConnection } from '#kubernetes';
import type { Clock, Millis } from '#time';
import type { ClockSample } from './judgeClock.ts';

/** As many are under way at once as there are sockets: what is sent besides waits, and says nothing of the server. */
const atOnce = 2;

/** The connection, with each answer's time and date noted. */
export function timed(
  connection: KubeConnection,
  clock: Clock,
  note: { readonly took: Millis[]; readonly clocks: ClockSample[] },
): KubeConnection {
  let underWay = 0;
  return {
    get address() {
      return connection.address;
    },
    get certificate() {
      return connection.certificate;
    },
    async send(request) {
      const waits = underWay >= atOnce;
      const sentAt = clock.now();
      underWay++;
      try {
        const answer = await connection.send(request);
        const receivedAt = clock.now();
        const date = Date.parse(String(answer.headers.date ?? ''));
        if (!Number.isNaN(date)) note.clocks.push({ date, sentAt, receivedAt });
        if (!waits) note.took.push(receivedAt - sentAt);
        return answer;
      } finally {
        underWay--;
      }
    },
    // A ladder reads nothing that is long.
    stream: (request) => connection.stream(request),
    close: () => connection.close(),
  };
}
