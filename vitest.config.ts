import { defineConfig } from 'vitest/config'

const database = ['src/**/*.db.test.ts']

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'bench/**/*.test.ts'], exclude: database, pool: 'forks' } },
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
