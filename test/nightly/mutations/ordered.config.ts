import { defineConfig, mergeConfig } from 'vitest/config'
import ours from '../../../vitest.config.ts'
import { MutationReporter } from './reporter.ts'
import { ListedSequencer } from './sequencer.ts'

/** The project's own configuration, but that the files run in a given order, and that a program reads the outcome. */
// biome-ignore lint/style/noDefaultExport: vitest reads it.
export default mergeConfig(
  ours,
  defineConfig({
    // Not below node_modules, which a scratch copy shares with others.
    cacheDir: '.vitest-cache',
    test: { sequence: { sequencer: ListedSequencer }, reporters: [new MutationReporter()] },
  }),
)
