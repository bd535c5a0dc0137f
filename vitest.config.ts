import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const database = ['src/**/*.db.test.ts']

export default defineConfig({
  test: {
    // On two processors too: a file waits for its programs and for the disk half of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: database,
          pool: 'forks',
          // Nothing here is a matter of time: a slow machine only takes longer.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'database',
          include: database,
          pool: 'forks',
          globalSetup: ['src/platform/testing/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
