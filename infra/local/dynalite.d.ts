declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Without `path` the data is kept in memory. Closing the server closes the data. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}
