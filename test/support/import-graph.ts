import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What a file imports at run time: our files as paths below the root, and packages by name. Types are not imports.
 */
function importsOf(path: string): readonly string[] {
  const code = readFileSync(join(root, path), 'utf8').replace(/^import type [\s\S]*?from '[^']+'$/gm, '')
  return [...code.matchAll(/(?:(?:^|\}|\w) from |\bimport\(|^import )'([^'\n]+)'/gm)].map(([, name = '']) =>
    name.startsWith('.') ? relative(root, resolve(root, dirname(path), name)) : name,
  )
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
