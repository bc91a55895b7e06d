import { defineConfig } from 'vitest/config';

// `npm test` runs what needs Node alone. Journeys start the whole program; `npm run test:journeys` runs them.
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/journeys/**'] } },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
