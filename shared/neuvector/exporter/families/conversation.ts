import { numberOf, textOf } from '../fields.ts';
import type { Family } from './family.ts';

const path = '/v1/conversation';

export const conversation: Family = {
  name: 'nv_conversation',
  officialHelp: 'conversation of',
  officialType: 'gauge',
  help: { nv_conversation_bytes: 'Bytes that went from one end to the other, of connections to this port.' },
  repeated: 'add',
  read({ ask, samples, target, compat }) {
    return ask.each(path, 'conversations', (told) => {
      if (!told) return samples.loseOf(path);
      // A conversation may have none.
      if (!Array.isArray(told.ports)) return;
      const bytes = numberOf(told.bytes);
      if (bytes === 0) return;
      const [from, to] = [textOf(told.from), textOf(told.to)];
      const ports = told.ports.map(textOf);
      // A port that is named twice did not carry the bytes twice; the official exporter has two series then, and
      // Prometheus keeps one of them.
      for (const port of compat ? ports : new Set(ports)) {
        samples.add('nv_conversation_bytes', { from, port, target, to }, bytes, path);
      }
    });
  },
};
