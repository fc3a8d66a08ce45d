import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** A layer of the tests: one folder below test/. Workers run many files, so that modules are loaded once. */
function layer(name: string, testTimeout: number, options: object = {}): TestProjectInlineConfiguration {
  const include = [`test/${name}/**/*.test.ts`]
  return { test: { name, include, testTimeout, hookTimeout: testTimeout, isolate: false, ...options } }
}

export default defineConfig({
  test: {
    projects: [
      layer('unit', 10_000),
      layer('integration', 20_000),
      // Each runs the built program.
      layer('process', 60_000, { globalSetup: ['test/support/build.ts'] }),
      layer('nightly', 600_000, { globalSetup: ['test/support/build.ts'] }),
    ],
    // One less is usual: on two cores, files would run one after the other.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'json-summary'] },
  },
})
