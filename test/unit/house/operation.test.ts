import { expect, test } from 'vitest'
import { z } from 'zod'
import { joinClauses, writeClause } from '../../../src/operations/fields.ts'
import { hintsOf } from '../../../src/operations/hints.ts'
import { nounOf, operation } from '../../../src/operations/operation.ts'

const rest = {
  name: 'car_get_thing',
  title: 'Get a thing',
  description: 'One thing',
  effect: 'read',
  evidence: 'guessed',
  source: 'a test',
  returns: 'record',
  record: z.looseObject({}),
  columns: ['*'],
} as const

test('a placeholder in the route without an input is a compile error', () => {
  operation({ ...rest, route: 'GET /sm/v1/things/{thingId}', input: { thingId: z.string() } })
  // @ts-expect-error the input has no thingId
  operation({ ...rest, route: 'GET /sm/v1/things/{thingId}', input: { id: z.string() } })
  // @ts-expect-error an optional thingId may leave the hole open
  operation({ ...rest, route: 'GET /sm/v1/things/{thingId}', input: { thingId: z.string().optional() } })
  expect(operation({ ...rest, route: 'GET /sm/v1/things', input: {} }).route).toBe('GET /sm/v1/things')
})

test('an effect without a change is a compile error, and so is a read with one', () => {
  const change = {
    targets: () => ({ product: 'car' as const }),
    summary: () => 'thing made',
    recovery: 'look at it',
  } as const
  const create = { ...rest, name: 'car_create_thing', effect: 'create' } as const
  expect(operation({ ...create, route: 'POST /sm/v1/things', input: {}, change }).change).toBe(change)
  // @ts-expect-error nobody would be told what it does
  operation({ ...create, route: 'POST /sm/v1/things', input: {} })
  // @ts-expect-error reading changes nothing
  operation({ ...rest, route: 'GET /sm/v1/things', input: {}, change })
})

test('what an operation declares about its input is checked against that input', () => {
  const spec = { ...rest, name: 'car_create_thing', effect: 'create', route: 'POST /sm/v1/things' } as const
  const input = { title: z.string(), size: z.number().optional() }
  const { request } = operation({
    ...spec,
    input,
    request: ({ title }) => ({ body: { title } }),
    change: {
      targets: () => ({ product: 'car' as const }),
      summary: (_, { title }) => title.trim(),
      recovery: 'look at it',
    },
  })
  const provided = { secret: () => '', lookup: () => undefined }
  expect(request?.({ title: 'a' }, provided)).toEqual({ body: { title: 'a' } })
  operation({
    ...spec,
    input,
    change: {
      targets: () => ({ product: 'car' as const }),
      // @ts-expect-error there is no such input
      summary: (_, { name }) => String(name),
      recovery: 'look at it',
    },
  })
})

test('hints follow from the effect', () => {
  expect(hintsOf.read).toEqual({
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  })
  for (const effect of ['create', 'update', 'delete', 'execute'] as const)
    expect(hintsOf[effect].readOnlyHint).toBe(false)
  for (const effect of ['update', 'delete', 'execute'] as const)
    expect(hintsOf[effect].destructiveHint).toBe(true)
})

test('a list is named by what it holds', () => {
  expect(nounOf('car_search_asset_jobs')).toBe('asset jobs')
})

test.each([
  ['Backup', 'script.name:Backup'],
  ['Script test for subscribed modules', 'script.name:Script test for subscribed modules'],
  ['Auto_script_22062022_074300047', 'script.name:Auto_script_22062022_074300047'],
  ['Müller 2', 'script.name:Müller 2'],
  ['this AND that', 'script.name:"this AND that"'],
  ['OR else', 'script.name:"OR else"'],
  ['not', 'script.name:"not"'],
  ['a) OR scriptId:(1', 'script.name:"a) OR scriptId:(1"'],
  ['say "hi"', 'script.name:`say "hi"`'],
  ['say "hi" `now`', `script.name:'say "hi" \`now\`'`],
])('a script called %s is searched by %s', (name, written) => {
  expect(writeClause('script.name', name)).toBe(written)
})

test('clauses are joined so that a filter of the assistant cannot widen the named inputs', () => {
  expect(joinClauses()).toBeUndefined()
  expect(joinClauses(undefined, 'a:1')).toBe('a:1')
  expect(joinClauses('a:1', 'b:2 OR c:3')).toBe('a:1 AND (b:2 OR c:3)')
})
