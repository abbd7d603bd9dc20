import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Properties on a busy machine take their time; what hangs, hangs longer.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Vitest leaves a core free, which is half of a small machine; many tests wait for processes and sockets.
    maxWorkers: '100%',
    // Files share a worker's modules: loading them anew for each of nearly three hundred files took a third of the time. No module
    // here keeps anything that one test could leave to the next.
    isolate: false,
    globalSetup: ['test/services/global-setup.ts'],
  },
});
