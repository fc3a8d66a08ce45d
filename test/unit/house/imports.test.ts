import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importsIn } from '../../support/import-graph.ts'

// Which folder may import which (docs/architecture.md), read from the imports themselves. Imports of types count, and so
// do imports within functions.

const root = fileURLToPath(new URL('../../../src', import.meta.url))

interface Import {
  /** A path below src, or the name of a package. */
  readonly target: string
  readonly isOurs: boolean
  /** True if the program loads the target when it loads the file. */
  readonly isEager: boolean
}

interface Source {
  /** Below src. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

/** The imports of a file, with paths below src. */
function importsOf(path: string, text: string): readonly Import[] {
  return importsIn(text).map(({ specifier, kind }) => ({
    target: specifier.startsWith('.') ? posix.join(dirname(path), specifier) : specifier,
    isOurs: specifier.startsWith('.'),
    isEager: kind === 'eager',
  }))
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, imports: importsOf(path, text) }
  })

/** The folder of src that holds a file; `main` for main.ts. */
const folderOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : 'main')
const below = (folder: string): readonly Source[] =>
  sources.filter(({ path }) => path.startsWith(`${folder}/`))

/** The imports of our own files that `allowed` refuses, as `from -> to`. */
const refusedImports = (from: readonly Source[], allowed: (target: string) => boolean): string[] =>
  from.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, isOurs }) => isOurs && !target.startsWith('..') && !allowed(target))
      .map(({ target }) => `${path} -> ${target}`),
  )

/** The files that import a package, or a part of it. */
const importersOf = (name: string): string[] =>
  sources
    .filter(({ imports }) =>
      imports.some(({ target, isOurs }) => !isOurs && `${target}/`.startsWith(`${name}/`)),
    )
    .map(({ path }) => path)
    .sort()

/** What each folder may import besides itself. */
const order: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'shared'],
  cli: ['service', 'tools', 'session', 'config', 'operations', 'shared'],
  service: ['tools', 'session', 'config', 'operations', 'shared'],
  tools: ['session', 'config', 'operations', 'shared'],
  session: ['config', 'operations', 'shared'],
  config: ['operations', 'shared'],
  operations: [],
  shared: [],
  sandbox: [],
}

test('the imports are found', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(1_500)
  // Written so that nobody takes them for imports of this file.
  const text = [
    'import type { A } from "./a.ts"',
    'import {\n  type B,\n  b,\n} from "./b.ts"',
    'export { c } from "../c.ts"',
    'import "d"',
    'type E = typeof import("./e.ts")',
    'const f = await import("./f.ts")',
    'import g from "./g.json" with { type: "json" }',
  ].join('\n')
  const found = importsOf('x/y.ts', text.replaceAll('"', "'")).map(({ target, isEager }) => [target, isEager])
  expect(new Map(found as [string, boolean][])).toEqual(
    new Map([
      ['x/a.ts', false],
      ['x/b.ts', true],
      ['c.ts', true],
      ['d', true],
      ['x/e.ts', false],
      ['x/f.ts', false],
      ['x/g.json', true],
    ]),
  )
})

describe('the order of folders', () => {
  test('every folder of src has its place', () => {
    expect([...new Set(sources.map(({ path }) => folderOf(path)))].sort()).toEqual(Object.keys(order).sort())
  })

  test.for(Object.entries(order))('%s imports only what is below it', ([folder, lower]) => {
    const files = sources.filter(({ path }) => folderOf(path) === folder)
    const reachesSandbox = folder === 'main' || folder === 'cli'
    const allowed = (target: string): boolean =>
      [folder, ...lower].includes(folderOf(target)) ||
      (reachesSandbox && target === 'sandbox/sandbox.ts') ||
      (folder === 'operations' && target === 'shared/text-decoding.ts')
    expect(refusedImports(files, allowed)).toEqual([])
  })

  test('operations of one product do not know the other', () => {
    const shared = [
      'operation',
      'effects/effect-targets',
      'long-records',
      'effects/new-state',
      'fields',
      'sentences',
      'stored-text',
      'unseen',
      'json-object',
      'reads/derived-rows',
      'reads/host-counts',
      'reads/lists',
      'reads/moved-fields',
      'reads/row-words',
      'reads/local-filter',
      'reads/joined-columns',
      'time-text',
    ].map((name) => `operations/${name}.ts`)
    for (const product of ['car', 'saq']) {
      const folder = `operations/${product}`
      const allowed = (target: string): boolean => shared.includes(target) || target.startsWith(`${folder}/`)
      expect(refusedImports(below(folder), allowed)).toEqual([])
    }
  })

  test('session and tools get the settings, and do not read them', () => {
    const eager = [...below('session'), ...below('tools')]
      .flatMap(({ path, imports }) =>
        imports.filter(({ isEager }) => isEager).map(({ target }) => [path, target]),
      )
      .filter(([, target]) => target === 'config/settings.ts')
    expect(eager).toEqual([])
  })
})

/** The folders whose entries import each other in a circle, each with one such circle. */
function circles(): string[] {
  const edges = new Map<string, Map<string, Set<string>>>()
  for (const { path, imports } of sources) {
    for (const { target, isOurs } of imports) {
      const from = path.split('/')
      const to = target.split('/')
      const depth = from.findIndex((part, index) => part !== to[index])
      const [entry, other] = [from[depth], to[depth]]
      if (!isOurs || entry === undefined || other === undefined || target.startsWith('..')) continue
      const folder = from.slice(0, depth).join('/')
      const entries = edges.get(folder) ?? new Map<string, Set<string>>()
      edges.set(folder, entries)
      entries.set(entry, (entries.get(entry) ?? new Set()).add(other))
    }
  }
  return [...edges].flatMap(([folder, entries]) => {
    const done = new Set<string>()
    const circleFrom = (entry: string, trail: readonly string[]): readonly string[] | undefined => {
      if (trail.includes(entry)) return [...trail.slice(trail.indexOf(entry)), entry]
      if (done.has(entry)) return undefined
      for (const next of entries.get(entry) ?? []) {
        const circle = circleFrom(next, [...trail, entry])
        if (circle) return circle
      }
      done.add(entry)
      return undefined
    }
    return [...entries.keys()]
      .map((entry) => circleFrom(entry, []))
      .flatMap((circle) => (circle ? [`src/${folder}: ${circle.join(' -> ')}`] : []))
      .slice(0, 1)
  })
}

test('no import runs in a circle, neither between files nor between folders', () => {
  // A circle of files is reported for the lowest folder that contains all of them.
  expect(circles()).toEqual([])
})

describe('one place for each thing', () => {
  test.for<[string, readonly string[]]>([
    ['undici', ['session/http/agent.ts', 'session/http/checked-write.ts', 'session/http/client.ts']],
    ['fast-xml-parser', ['session/products/xml.ts']],
    ['saxes', ['session/products/xml.ts']],
    ['lossless-json', ['session/products/exact-json.ts']],
    ['csv-parse', ['tools/effects/imports/csv.ts']],
  ])('%s', ([name, files]) => {
    expect(importersOf(name).filter((path) => !files.includes(path))).toEqual([])
    expect(importersOf(name).length).toBeGreaterThan(0)
  })

  test('the MCP SDK lives in tools and in the service', () => {
    const users = importersOf('@modelcontextprotocol/server')
    expect(users.length).toBeGreaterThan(5)
    expect(users.filter((path) => !['tools', 'service'].includes(folderOf(path)))).toEqual([])
  })

  test('the sandbox uses no package, and operations use zod alone', () => {
    const packages = (folder: string): string[] =>
      below(folder)
        .flatMap(({ imports }) => imports.filter(({ isOurs }) => !isOurs))
        .map(({ target }) => target)
        .filter((name) => !name.startsWith('node:'))
    expect(packages('sandbox')).toEqual([])
    expect([...new Set(packages('operations'))]).toEqual(['zod'])
  })

  test('main.ts alone touches `process`', () => {
    const users = sources.filter(({ text }) => /\bprocess\.\w/.test(text)).map(({ path }) => path)
    expect(users).toEqual(['main.ts'])
  })

  test('nothing calls fetch or console', () => {
    const users = sources
      .filter(({ text }) => /\bfetch\(|\bconsole\./.test(text.replace(/^\s*(\/\/|\*).*$/gm, '')))
      .map(({ path }) => path)
    expect(users).toEqual([])
  })

  test('the session knows a product only in products/ and paging/', () => {
    const users = below('session')
      .filter(({ path }) => !/^session\/(products|paging)\//.test(path))
      .filter(({ text }) => /saq|qps|xml/i.test(text))
      .map(({ path }) => path)
    expect(users).toEqual([])
  })
})

test('what is heavy is loaded when it is first used', () => {
  const xml = ['session/products/xml.ts', 'session/products/xml-body.ts']
  const heavy = ['session/http/client.ts', ...xml, 'sandbox/sandbox.ts']
  for (const name of heavy) {
    const importers = sources.filter(({ imports }) => imports.some(({ target }) => target === name))
    expect(importers.length, name).toBeGreaterThan(0)
    const eager = importers.filter(({ imports }) =>
      imports.some(({ target, isEager }) => target === name && isEager),
    )
    // What is heavy itself is loaded late, and may bring more.
    expect(
      eager.map(({ path }) => path).filter((path) => !heavy.includes(path)),
      name,
    ).toEqual([])
  }
})

test('a start loads nothing that only calls need', () => {
  const loaded = new Set<string>()
  const packages = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    const imports = sources.find((source) => source.path === path)?.imports ?? []
    for (const { target, isOurs, isEager } of imports) {
      if (isOurs && isEager) load(target)
      else if (isEager) packages.add(target)
    }
  }
  for (const path of ['cli/program.ts', 'cli/serve.ts']) load(path)
  expect(loaded).toContain('tools/server/server.ts')
  const called =
    /^(?:operations\/index|session\/session|session\/http\/|tools\/server\/(?:calls\/tool-call|tool-registry)|tools\/(?:digest|workflows|replies\/reply)|sandbox\/)/
  expect([...loaded].filter((path) => called.test(path))).toEqual([])
  expect(packages).toContain('node:fs')
  expect([...packages].filter((name) => ['node:crypto', 'undici', 'saxes'].includes(name))).toEqual([])
})

test('nothing asks for the JSON Schema validator of the SDK, which the package lacks', () => {
  const users = sources.filter(({ text }) => /\.elicitInput\(|\bfromJsonSchema\(/.test(text))
  expect(users.map(({ path }) => path)).toEqual([])
})

describe('files', () => {
  test.for(sources.map(({ path, text }) => [path, text] as const))('%s', ([path, text]) => {
    expect(path).toMatch(/^([a-z0-9-]+\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/)
    expect(path).not.toMatch(/utils|helpers|manager/)
    expect(text.split('\n').length).toBeLessThanOrEqual(301)
    if (path !== 'operations/index.ts') expect(path).not.toMatch(/\/index\.ts$/)
    expect(text).not.toMatch(/^export (default|\* from)/m)
  })

  test('no folder has more than 15 of its own', () => {
    const counts = new Map<string, number>()
    for (const { path } of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > 15)).toEqual([])
  })
})
