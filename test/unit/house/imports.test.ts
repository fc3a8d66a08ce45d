import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// Who may import whom (design: houses and rooms), read from the imports themselves.

const root = fileURLToPath(new URL('../../../src', import.meta.url))

interface Source {
  readonly path: string
  readonly text: string
  /** Our files that it imports, as paths below src. */
  readonly ours: readonly string[]
  /** Packages that it imports, types included. */
  readonly packages: readonly string[]
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const named = [...text.matchAll(/(?:(?:^|\}|\w) from |\bimport\(|^import )'([^'\n]+)'/gm)].map(
      ([, name = '']) => name,
    )
    const local = named.filter((name) => name.startsWith('.'))
    return {
      path,
      text,
      ours: local.map((name) => relative(root, resolve(root, dirname(path), name))),
      packages: named.filter((name) => !name.startsWith('.')),
    }
  })

const house = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : 'top')
const inHouse = (name: string): readonly Source[] => sources.filter(({ path }) => house(path) === name)
const strangers = (from: readonly Source[], allowed: (path: string) => boolean): string[] =>
  from.flatMap(({ path, ours }) =>
    ours.filter((target) => !allowed(target)).map((target) => `${path} -> ${target}`),
  )

test('there is something to read', () => {
  expect(sources.length).toBeGreaterThan(40)
  expect(sources.flatMap(({ ours }) => ours).length).toBeGreaterThan(100)
})

test('operations know zod, operation.ts, fields.ts and those of their own product only', () => {
  const common = ['operations/operation.ts', 'operations/fields.ts']
  const declared = inHouse('operations').filter(({ path }) => path !== 'operations/index.ts')
  for (const source of declared) {
    const room = dirname(source.path)
    const known = (path: string): boolean =>
      common.includes(path) || (room !== 'operations' && dirname(path) === room)
    expect(strangers([source], known)).toEqual([])
  }
  expect(
    inHouse('operations')
      .flatMap(({ packages }) => packages)
      .filter((name) => name !== 'zod'),
  ).toEqual([])
})

test('the session is handed its operations', () => {
  const allowed = (path: string): boolean =>
    house(path) === 'session' ||
    ['operations/operation.ts', 'settings.ts', 'secrets.ts', 'secret-file.ts', 'log.ts', 'xml.ts'].includes(
      path,
    )
  expect(strangers(inHouse('session'), allowed)).toEqual([])
  for (const { path, text } of inHouse('session')) {
    expect(/import (?!type)[^\n]*'\.\.\/settings\.ts'/.test(text), path).toBe(false)
    const product = ['session/product.ts', 'session/paging.ts'].includes(path)
    expect(!product && /saq|qps|xml/i.test(text), `${path} knows one product`).toBe(false)
  }
})

test('tools do not know the sandbox, and the sandbox knows nothing of ours', () => {
  expect(strangers(inHouse('tools'), (path) => house(path) !== 'sandbox')).toEqual([])
  expect(strangers(inHouse('commands'), (path) => house(path) !== 'sandbox')).toEqual([])
  expect(strangers(inHouse('sandbox'), (path) => house(path) === 'sandbox')).toEqual([])
  expect(
    inHouse('sandbox')
      .flatMap(({ packages }) => packages)
      .filter((name) => !name.startsWith('node:')),
  ).toEqual([])
})

test('the MCP SDK lives in tools, undici in the wire, the XML parser in xml.ts, pino in log.ts, process in main', () => {
  const users = (wanted: string): string[] =>
    sources.filter(({ packages }) => packages.some((name) => name.startsWith(wanted))).map(({ path }) => path)
  expect(users('@modelcontextprotocol/').filter((path) => house(path) !== 'tools')).toEqual([])
  expect(users('undici').sort()).toEqual(['session/agent.ts', 'session/wire.ts'])
  expect(users('pino')).toEqual(['log.ts'])
  expect(users('fast-xml-parser')).toEqual(['xml.ts'])
  expect(sources.filter(({ text }) => /\bprocess\.\w/.test(text)).map(({ path }) => path)).toEqual([
    'main.ts',
  ])
  expect(
    sources
      .filter(({ text }) => /\bfetch\(|\bconsole\./.test(text.replace(/^\s*(\/\/|\*).*$/gm, '')))
      .map(({ path }) => path),
  ).toEqual([])
})

test('what is heavy is loaded when first used', () => {
  const eager = (name: string): string[] =>
    sources
      .filter(({ text }) => new RegExp(`^import (?!type)[^']*from '[^']*${name}'`, 'm').test(text))
      .map(({ path }) => path)
  expect(eager('/wire.ts')).toEqual([])
  expect(eager('/xml.ts')).toEqual([])
  expect(eager('/sandbox.ts')).toEqual([])
  expect(eager('pino')).toEqual([])
  expect(eager('js-tiktoken/lite')).toEqual([])
})

test('no import runs in a circle', () => {
  const edges = new Map(
    sources.map(({ path, text }) => {
      // A type-only import is gone when the program runs.
      const code = text.replace(/^import type [\s\S]*?from '[^']+'$/gm, '')
      const named = [...code.matchAll(/\bfrom '(\.[^']+)'/g)].map(([, name = '']) =>
        relative(root, resolve(root, dirname(path), name)),
      )
      return [path, named] as const
    }),
  )
  const circle = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail, path]
    return (edges.get(path) ?? [])
      .map((next) => circle(next, [...trail, path]))
      .find((found) => found !== undefined)
  }
  for (const path of edges.keys()) expect(circle(path, [])).toBeUndefined()
})

test('files are short nouns of at most 300 lines, without default exports or barrels', () => {
  for (const { path, text } of sources) {
    expect(path).toMatch(/^([a-z0-9-]+\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/)
    expect(path).not.toMatch(/utils|helpers|manager/)
    expect(text.split('\n').length, path).toBeLessThanOrEqual(301)
    if (path !== 'operations/index.ts') expect(path.endsWith('/index.ts'), path).toBe(false)
    expect(/^export (default|\* from)/m.test(text), path).toBe(false)
  }
})
