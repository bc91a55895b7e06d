import { defineConfig } from 'vitest/config';

// `npm test` runs what needs Node alone. Journeys start the whole program; `npm run test:journeys` runs them.
// `npm run test:store` holds the store to DynamoDB Local, which needs Java and Maven. `npm run test:fidelity` holds the
// simulated world to a real Kubernetes, which needs Go. `npm run test:long` is more of what `npm test` has a part of.
const onDynamodbLocal = 'test/shared/store/dynamodbLocal.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'unit',
          // As many as there are cores; by itself Vitest leaves one idle, which of two is half.
          maxWorkers: '100%',
          // Nothing is timed; a busy machine is no failure.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          include: ['test/**/*.test.ts'],
          exclude: ['test/journeys/**', onDynamodbLocal],
        },
      },
      { test: { name: 'long', include: ['test/**/*.long.ts'] } },
      { test: { name: 'store', include: [onDynamodbLocal], testTimeout: 30_000 } },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'fidelity',
          include: ['test/fidelity/**/*.fidelity.ts'],
          // Those of our own control plane need Go, which whoever brings a cluster need not have.
          exclude: process.env.KUBECONFIG ? ['test/fidelity/controlPlane/{cluster,start}.fidelity.ts'] : [],
          globalSetup: 'test/fidelity/setup.ts',
          // A control plane is up in seconds, and in a minute where two of them share two cores.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // The caches of a real one lag behind its store: what it answers once in a hundred times is no difference.
          retry: 1,
        },
      },
    ],
  },
});
