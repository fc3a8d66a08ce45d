import { describe, expect } from 'vitest'
import { toolRegistry } from '../../../../src/tools/server/tool-registry.ts'
import { effectCalls } from '../../../support/consent/calls.ts'
import type { Answer } from '../../../support/service/answer.ts'
import { forms, no, revisions, type ServiceClient, yes } from '../../../support/service/client.ts'
import { approve, codeIn } from '../../../support/service/codes.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// A person's yes over HTTP: by a form where the client shows them (2026), otherwise by a code in a terminal.

const test = serviceTestOn()

const callers = { ada: { role: 'operator' }, eve: { role: 'viewer' } } as const
const clone = effectCalls.create
const cloned = 'POST /sm/v1/scripts/61179/clone'
const capabilities = forms

const stateOf = ({ result }: Answer): unknown => result?.['requestState']
const previewOf = ({ result }: Answer): string => {
  const requests = result?.['inputRequests'] as
    | Readonly<Record<string, { params: { message: string } }>>
    | undefined
  return requests?.['approval']?.params.message ?? ''
}

describe('2026-07-28 with forms', () => {
  test.for(Object.entries(effectCalls))(
    '%s: asked first, sent once with the yes',
    async ([, [tool, args]], { serve, effects }) => {
      const client = (await serve({ callers })).client('ada', { capabilities })
      const asked = await client.call(tool, args)
      expect(asked.result).toMatchObject({ resultType: 'input_required' })
      expect(previewOf(asked)).toMatch(/^account: .*sandbox_ab1"$/m)
      expect(await effects()).toEqual([])
      const done = await client.answerQuestion(tool, args, stateOf(asked))
      expect(done.isError, done.text).toBe(false)
      expect(await effects()).toHaveLength(1)
    },
  )

  test('the same answer twice, one after the other or at once, is sent once', async ({ serve, effects }) => {
    const service = await serve({ callers })
    for (const atOnce of [false, true]) {
      const client = service.client('ada', { capabilities })
      const args = { ...clone[1], title: `Copy ${atOnce}` }
      const before = (await effects()).length
      const state = stateOf(await client.call(clone[0], args))
      const answer = (): Promise<Answer> => client.answerQuestion(clone[0], args, state)
      const answers = atOnce ? await Promise.all([answer(), answer()]) : [await answer(), await answer()]
      expect((await effects()).length - before).toBe(1)
      expect(answers.filter(({ result }) => result?.['resultType'] === 'complete')).toHaveLength(1)
      expect(answers.filter((one) => stateOf(one) !== undefined)).toHaveLength(1)
    }
  })

  test.for<readonly [string, object, string]>([
    ['a no', no, 'declined'],
    ['an unticked box', { action: 'accept', content: { approve: false } }, 'declined'],
    ['no form', { action: 'accept' }, 'declined'],
    ['a text in the box', { action: 'accept', content: { approve: 'true' } }, 'declined'],
    ['an error', { error: { code: -1, message: 'no window' } }, 'declined'],
  ])('%s sends nothing', async ([, answer, kind], { serve, effects }) => {
    const client = (await serve({ callers })).client('ada', { capabilities })
    const state = stateOf(await client.call(...clone))
    expect((await client.answerQuestion(...clone, state, { ...answer })).kind).toBe(kind)
    expect(await effects()).toEqual([])
  })

  test.for<readonly [string, (state: string) => unknown]>([
    ['made up', () => 'yes'],
    [
      'changed in one character',
      (state) => `${state.slice(0, -2)}${state.endsWith('A') ? 'B' : 'A'}${state.at(-1)}`,
    ],
    ['empty', () => ''],
  ])('a yes with a state that is %s is asked again', async ([, change], { serve, effects }) => {
    const client = (await serve({ callers })).client('ada', { capabilities })
    const state = String(stateOf(await client.call(...clone)))
    const again = await client.answerQuestion(...clone, change(state))
    expect(stateOf(again)).toEqual(expect.any(String))
    expect(await effects()).toEqual([])
  })

  test('a yes to one call is none to another, and none to another service', async ({ serve, effects }) => {
    const client = (await serve({ callers })).client('ada', { capabilities })
    const state = stateOf(await client.call(...clone))
    const other = { ...clone[1], title: 'Another copy' }
    expect(stateOf(await client.answerQuestion(clone[0], other, state))).toEqual(expect.any(String))
    const elsewhere = (await serve({ callers })).client('ada', { capabilities })
    expect(stateOf(await elsewhere.answerQuestion(...clone, state))).toEqual(expect.any(String))
    expect(await effects()).toEqual([])
  })

  test('an answer in the form of 2025 counts for nothing: capabilities of an earlier request are not kept', async ({
    serve,
    effects,
  }) => {
    const service = await serve({ callers })
    await service.client('ada', { capabilities }).call(...clone)
    const answered = await service.client('ada').answerQuestion(...clone, 'x', yes)
    expect(codeIn(answered)).not.toBe('')
    expect(await effects()).toEqual([])
  })

  test('whoever loses the role between question and answer sends nothing', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const client = service.client('ada', { capabilities })
    const state = stateOf(await client.call(...clone))
    service.setCallers({ ada: { role: 'viewer' } })
    await expect.poll(() => client.toolNames(), { interval: 50, timeout: 5_000 }).not.toContain(clone[0])
    expect((await client.answerQuestion(...clone, state)).error?.message).toBe(`Tool ${clone[0]} not found`)
    expect(await effects()).toEqual([])
  })
})

describe.each([
  ['2025-11-25', {}],
  ['2025-11-25 with forms', { capabilities }],
  ['2026-07-28 without forms', { revision: '2026-07-28' as const }],
])('%s', (name, options) => {
  const revision = name.startsWith('2025') ? '2025-11-25' : '2026-07-28'

  test('the code of a terminal runs the identical call once', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const client = service.client('ada', { revision, ...options })
    if (!client.isModern) await client.initialize()
    const code = codeIn(await client.call(...clone))
    expect(code).toMatch(/^.{4}-.{4}$/)
    expect(codeIn(await client.call(...clone))).toBe(code)
    approve(service, code)
    expect(await effects()).toEqual([])
    expect((await client.call(...clone)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
    expect(codeIn(await client.call(...clone))).not.toBe('')
    expect(await effects()).toEqual([cloned])
    expect(service.audit().filter(({ event }) => event === 'approved')).toMatchObject([
      { facts: { by: 'a person, in a terminal' } },
    ])
  })

  test('two identical calls at once after an approval: one is sent', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const client = service.client('ada', { revision, ...options })
    approve(service, codeIn(await client.call(...clone)))
    await Promise.all([client.call(...clone), client.call(...clone), client.call(...clone)])
    expect(await effects()).toEqual([cloned])
  })
})

test('no effect runs without a person, by any caller, in either revision', async ({ serve, effects }) => {
  const service = await serve({ callers })
  const names = [...toolRegistry.values()].filter(({ effect }) => effect !== 'read').map(({ name }) => name)
  const some = new Map<string, object>(Object.values(effectCalls))
  for (const revision of revisions) {
    const clients: readonly ServiceClient[] = [
      service.client('ada', { revision }),
      service.client('ada', { revision, capabilities }),
      service.client('eve', { revision, capabilities }),
    ]
    for (const client of clients)
      for (const name of names) await client.answerQuestion(name, some.get(name) ?? {}, 'x', yes)
  }
  expect(await effects()).toEqual([])
})
