import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
const root = fileURLToPath(new URL('../..', import.meta.url))

/** One import of a file. */
export interface Import {
  /** As it is written: a relative path, or the name of a package. */
  readonly specifier: string
  /** eager: loaded with the file. lazy: within a function, or by `typeof import()`. type: gone when the program runs. */
  readonly kind: 'eager' | 'lazy' | 'type'
}

const patterns: readonly (readonly [RegExp, Import['kind']])[] = [
  [/^(?:import|export) (?!type )[^'\n;]*?(?:\n[^'\n]*)*?from '([^'\n]+)'/gm, 'eager'],
  [/^import '([^'\n]+)'/gm, 'eager'],
  [/\bimport\('([^'\n]+)'/g, 'lazy'],
  [/^(?:import|export) type [^']*? from '([^'\n]+)'/gm, 'type'],
]

/** The imports in the text of a file. */
export function importsIn(text: string): readonly Import[] {
  return patterns.flatMap(([pattern, kind]) =>
    [...text.matchAll(pattern)].map(([, specifier = '']) => ({ specifier, kind })),
  )
}

const importsByFile = new Map<string, readonly string[]>()

/** What a file imports at run time: our files as paths below the root, and packages by name. */
function importsOf(path: string): readonly string[] {
  const known = importsByFile.get(path)
  if (known) return known
  const imports = importsIn(readFileSync(join(root, path), 'utf8'))
    .filter(({ kind }) => kind !== 'type')
    .map(({ specifier }) =>
      specifier.startsWith('.') ? relative(root, resolve(root, dirname(path), specifier)) : specifier,
    )
  importsByFile.set(path, imports)
  return imports
}

/** All that is loaded with a file, except itself, each with the file that imports it. */
export function loadedBy(path: string): ReadonlyMap<string, string> {
  const loaded = new Map<string, string>()
  const follow = (from: string): void => {
    for (const name of importsOf(from)) {
      if (loaded.has(name)) continue
      loaded.set(name, from)
      if (/^(src|test)\/.*\.ts$/.test(name)) follow(name)
    }
  }
  follow(path)
  return loaded
}

/** The test files of a folder below the root. */
export function testsIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
}
