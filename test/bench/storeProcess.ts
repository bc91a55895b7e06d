import { startStore } from '../../infra/local/store.ts';

// The local store in a process of its own, as `store.ts` measures it. It ends with its input.
const store = await startStore(process.argv[2]!);
console.log(store.endpoint);
process.stdin.on('end', () => process.exit(0)).resume();
