import type { OutputOptions, RolldownOptions } from 'rolldown'

/** How the package is bundled, and the programs of the bench. Names stay as they are, for stack traces. */
export const bundling = {
  options: {
    platform: 'node',
    transform: { target: 'node20.19' },
    logLevel: 'warn',
  } satisfies RolldownOptions,
  output: {
    format: 'esm',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  } satisfies OutputOptions,
}
