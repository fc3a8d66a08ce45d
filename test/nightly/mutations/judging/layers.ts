import { execFileSync } from 'node:child_process'
import { join, relative } from 'node:path'
import type { TestFile } from './graph.ts'

/** The projects of vitest that the gate runs, in the order in which they are run here; some in one go. */
const gate: readonly (readonly string[])[] = [['unit', 'integration'], ['process']]

/** Files of tests that run in one go. */
export interface Layer {
  readonly projects: readonly string[]
  readonly tests: readonly TestFile[]
  /** Whether the tests expect a built program. Otherwise they build it or need none. */
  readonly wantsBuild: boolean
}

/** The tests that a mutation has to pass to survive. A repository without projects has a single layer. */
export function layersOf(root: string): Layer[] {
  const printed = execFileSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--filesOnly', '--json'],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 },
  )
  const listed = JSON.parse(printed) as { readonly file: string; readonly projectName?: string }[]
  const paths = (project: string | undefined, layer: number): TestFile[] =>
    listed
      .filter(({ projectName }) => projectName === project)
      .map(({ file }) => ({ path: relative(root, file).replaceAll('\\', '/'), layer }))
  const layers = gate.map((projects) => ({
    projects,
    tests: projects.flatMap((name, at) => paths(name, at)),
    wantsBuild: false,
  }))
  const found = layers.filter(({ tests }) => tests.length > 0)
  return found.length > 0 ? found : [{ projects: [], tests: paths(undefined, 0), wantsBuild: true }]
}
