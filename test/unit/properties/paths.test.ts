import fc from 'fast-check'
import { expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Account } from '../../../src/session/auth/account.ts'
import { productOf } from '../../../src/session/products/product-of.ts'
import { buildRequest, placeholdersOf } from '../../../src/session/requests/request.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { callInMemory } from '../../support/operations/calls.ts'
import { apiUrl, gatewayUrl } from '../../support/operations/memory.ts'
import { anyText, checkAsyncProperty, checkProperty } from '../../support/properties/property.ts'

// An id is one segment of a path, or an input error: never a parent folder, another route or another host.

const withHoles = operations.filter(({ route }) => placeholdersOf(route).length > 0)

const nearIds = [
  ...[
    '.',
    '..',
    '...',
    '%2e%2e',
    '%2E',
    '..%2f..',
    '/',
    '//evil.example.com',
    '\\',
    '..\\..',
    'a/b',
    'a%2Fb',
    '?x=1',
  ],
  ...[
    '#x',
    ';x',
    '@evil.example.com',
    ':8080',
    'http://evil.example.com/',
    '1?admin=true',
    '1#',
    '1 ',
    ' 1',
    '1\t',
  ],
  ...[
    '1\r\nHost: evil.example.com',
    '%00',
    '\u0000',
    '１',
    '007',
    '0x7',
    '7e0',
    '1.0',
    '-1',
    '+1',
    'é',
    '😀',
    '\ud800',
  ],
  ...['{id}', '{scriptId}', '$&', '$1', '__proto__', 'true', '23f97a1f-76f4-4e85-a7c2-566f120874fc'],
]
const anyId: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nearIds) },
  { weight: 4, arbitrary: anyText(4) },
  { weight: 2, arbitrary: fc.oneof(fc.maxSafeNat(), fc.double(), fc.boolean(), fc.constant(null)) },
  { weight: 1, arbitrary: fc.array(anyText(2), { maxLength: 2 }) },
)

const account: Account = {
  platform: 'test',
  gatewayUrl,
  apiUrl,
  credentials: { kind: 'tokenFile', path: '/nowhere' },
  sandbox: false,
}

/** The reply of a call, and the paths of its requests. */
async function pathsRequested(tool: string, args: object) {
  const noRows = { body: { errorCode: null, message: null, body: { totalCount: 0, list: [] } } }
  const { sent, ...outcome } = await callInMemory(tool, args, { answers: () => noRows })
  return { ...outcome, paths: sent.map(({ path }) => path) }
}

/** The same path with one segment for each placeholder of the route. */
function patternOf(route: string): RegExp {
  const [, path = ''] = route.split(' ')
  const parts = path
    .split('/')
    .map((part) => (/^\{\w+\}$/.test(part) ? '[^/?#]+' : part.replaceAll('.', '\\.')))
  return new RegExp(`^${parts.join('/')}$`)
}

test('there are paths with placeholders', () => expect(withHoles.length).toBeGreaterThan(15))

test('a request has the path of its route, filled with exactly that id', async () => {
  const codecs = new Map(
    await Promise.all(
      withHoles.map(async (operation) => [operation, await productOf(operation).codec()] as const),
    ),
  )
  const built = (operation: Operation, filled: object): URL | undefined => {
    const codec = codecs.get(operation)
    if (!codec) throw new Error(operation.name)
    // References are looked up first; here only the address of the effect matters.
    const bare: Operation = { ...operation, request: () => ({ query: {} }) }
    const resolved = { secret: () => '', lookup: () => undefined }
    try {
      const product = productOf(bare)
      const source = { operation: bare, product, input: { ...filled }, resolved, params: {}, routes: {} }
      return buildRequest(source, account, codec).url
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      return undefined
    }
  }
  let sound = 0
  checkProperty(fc.tuple(fc.nat(withHoles.length - 1), anyId), 1_000, ([index, value]) => {
    const operation = withHoles[index]
    if (!operation) return
    // An id with a lone surrogate cannot be encoded; no list shows one, and every schema refuses it.
    fc.pre(!/\p{Cs}/u.test(String(value)))
    const holes = placeholdersOf(operation.route)
    const url = built(operation, Object.fromEntries(holes.map((hole) => [hole, value])))
    if (!url) return
    sound++
    expect([gatewayUrl, apiUrl]).toContain(url.origin)
    expect(url.pathname).toMatch(patternOf(operation.route))
    const [, path = ''] = operation.route.split(' ')
    const at = path.split('/').indexOf(`{${holes[0]}}`)
    expect(decodeURIComponent(url.pathname.split('/')[at] ?? '')).toBe(String(value))
    expect([url.search, url.hash, url.username]).toEqual(['', '', ''])
  })
  expect(sound).toBeGreaterThan(150)
})

const reading = withHoles.filter(({ effect, route }) => effect === 'read' && route.includes('/sm/'))

test.each(reading.map(({ name, route }) => [name, route]))(
  '%s sends it to no other address',
  async (name, route) => {
    const [hole = ''] = placeholdersOf(route)
    let found = 0
    await checkAsyncProperty(anyId, 50, async (value) => {
      const { isError, text, paths } = await pathsRequested(name, { [hole]: value })
      if (paths.length === 0) expect([isError, text]).toEqual([true, expect.stringContaining(hole)])
      for (const path of paths) {
        found++
        expect(path).toMatch(patternOf(route))
        // Blanks around an id are no part of it.
        expect(`${path}/`).toContain(`/${encodeURIComponent(String(value).trim())}/`)
      }
    })
    expect(found).toBeGreaterThan(0)
  },
)

test('nor does any other tool with an id in its path', async () => {
  const others = new Map(
    withHoles.flatMap(({ name, effect, route, request }) =>
      effect === 'read' || request ? [] : [[name, placeholdersOf(route)] as const],
    ),
  )
  await checkAsyncProperty(fc.tuple(fc.constantFrom(...others.keys()), anyId), 150, async ([name, value]) => {
    const filled = (others.get(name) ?? []).map((hole) => [hole, value])
    // Look-ups of the id request a list, or exactly that id.
    for (const path of (await pathsRequested(name, Object.fromEntries(filled))).paths) {
      expect(path).toMatch(/^\/(?:sm|qps\/rest)\/[\w%/.-]+$/)
      expect(path.split('/').slice(1).map(decodeURIComponent)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^\.*$|[/\\]/)]),
      )
    }
  })
})
