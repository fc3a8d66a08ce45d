import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'vite'

/** The local files that a file loads when it runs. */
function importsOf(root: string, path: string): string[] {
  if (!path.endsWith('.ts') || !existsSync(join(root, path))) return []
  const source = readFileSync(join(root, path), 'utf8')
  const { staticImports, staticExports, dynamicImports } = parseSync(path, source).module
  const imported = staticImports.filter(
    ({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
  )
  const exported = staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ isType }) => !isType)
    .map(({ moduleRequest }) => moduleRequest?.value ?? '')
  const loaded = dynamicImports.map(({ moduleRequest }) =>
    source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
  )
  return [...imported.map(({ moduleRequest }) => moduleRequest.value), ...exported, ...loaded]
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(dirname(path), name))
}

/** The import graph below a folder; each file is read once. */
export class ImportGraph {
  readonly #root: string
  readonly #imports = new Map<string, readonly string[]>()

  constructor(root: string) {
    this.#root = root
  }

  #importsOf(path: string): readonly string[] {
    const known = this.#imports.get(path) ?? importsOf(this.#root, path)
    this.#imports.set(path, known)
    return known
  }

  /** All files that one loads, each with the number of imports on the way to it. */
  reach(path: string): ReadonlyMap<string, number> {
    const distances = new Map([[path, 0]])
    for (const [from, distance] of distances)
      for (const next of this.#importsOf(from)) if (!distances.has(next)) distances.set(next, distance + 1)
    return distances
  }
}

/** A file of tests, and the layer it belongs to. */
export interface TestFile {
  readonly path: string
  /** The rank of its layer: the quickest tests have 0. */
  readonly layer: number
}

/** The words of a path, without the folders that only name a layer. */
const wordsOf = (path: string): ReadonlySet<string> =>
  new Set(path.split(/[^a-z0-9]+/).filter((word) => !['src', 'test', 'ts'].includes(word)))

/**
 * The tests in the order in which they most likely detect a change of `changed`: those that load it first, by
 * layer, those with a similar name and the closest first; then all others.
 */
export function orderFor(changed: string, tests: readonly TestFile[], graph: ImportGraph): string[] {
  const words = wordsOf(changed)
  const ranked = tests.map(({ path, layer }) => {
    const reach = graph.reach(path)
    const distance = reach.get(changed)
    const common = [...wordsOf(path)].filter((word) => words.has(word)).length
    return { path, layer, apart: distance === undefined, far: (distance ?? 0) - 2 * common, size: reach.size }
  })
  ranked.sort(
    (a, b) =>
      Number(a.apart) - Number(b.apart) ||
      a.layer - b.layer ||
      a.far - b.far ||
      a.size - b.size ||
      (a.path < b.path ? -1 : 1),
  )
  return ranked.map(({ path }) => path)
}
