import { describe, expect } from 'vitest'
import type { Json } from '../../../support/service/answer.ts'
import { forms, revisions, type ServiceClient } from '../../../support/service/client.ts'
import { approve, codeIn, nextPageIn } from '../../../support/service/codes.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// What belongs to one caller: exports, waiting calls, answers and rows read ahead. A continuation token belongs to nobody.

const test = serviceTestOn({ jobs: 600 })

const callers = { ada: { role: 'operator' }, eve: { role: 'operator' } } as const
const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
const cloned = 'POST /sm/v1/scripts/61179/clone'

describe.each(revisions)('%s', (revision) => {
  test('an export is listed and read by its caller alone', async ({ serve }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { revision }), service.client('eve', { revision })]
    const args = { tool: 'car_search_jobs', format: 'csv' }
    expect((await ada.call('qualys_export', args)).isError).toBe(false)
    const exportsOf = async (client: ServiceClient): Promise<string[]> => {
      const { result } = await client.request('resources/list')
      const resources = (result?.['resources'] ?? []) as readonly { readonly uri: string }[]
      return resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('qualys://exports/'))
    }
    const [uri = ''] = await exportsOf(ada)
    expect(uri).toMatch(/^qualys:\/\/exports\/car_search_jobs-/)
    expect(await exportsOf(eve)).toEqual([])
    const refused = await eve.request('resources/read', { uri })
    const missing = await eve.request('resources/read', { uri: uri.replace(/.{6}\.csv$/, '000000.csv') })
    expect(refused.error).toMatchObject({ code: missing.error?.code, message: missing.error?.message })
    expect(refused.error?.message).toMatch(/no such export/i)
    expect((await ada.request('resources/read', { uri })).result).toHaveProperty('contents')
  })

  test('a waiting call is read by its caller alone, and its code approves no call of another', async ({
    serve,
    effects,
  }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { revision }), service.client('eve', { revision })]
    const code = codeIn(await ada.call(...clone))
    const uri = `qualys://pending/${code}`
    expect((await ada.request('resources/read', { uri })).body).toContain('A copy')
    const refused = await eve.request('resources/read', { uri })
    const missing = await eve.request('resources/read', { uri: 'qualys://pending/2222-2222' })
    expect(refused.error?.message).toBe(missing.error?.message)
    expect(refused.body).not.toContain('A copy')
    approve(service, code)
    const other = codeIn(await eve.call(...clone))
    expect(other).not.toBe('')
    expect(other).not.toBe(code)
    expect(await effects()).toEqual([])
    expect((await ada.call(...clone)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
    expect(codeIn(await eve.call(...clone))).toBe(other)
    expect(await effects()).toEqual([cloned])
  })

  test('a continuation token serves whoever may call the tool, with the same rows', async ({ serve }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { revision }), service.client('eve', { revision })]
    const continuationToken = nextPageIn(await ada.call('car_search_jobs', { pageSize: 5 }))
    expect(continuationToken).toBeDefined()
    const page = ['car_search_jobs', { pageSize: 5, continuationToken }] as const
    const [own, others] = [await ada.callForRows(...page), await eve.callForRows(...page)]
    expect(own.rows).toHaveLength(5)
    expect(others.rows).toEqual(own.rows)
  })

  test.for([
    ['car_search_jobs', { pageSize: 10 }],
    ['saq_list_recipients', { campaignId: 640002, pageSize: 1 }],
  ] as const)(
    'rows of %s that were read ahead for one are not read by another',
    async ([tool, args], { serve, sandbox, upstream }) => {
      const service = await serve({ callers })
      const [ada, eve] = [service.client('ada', { revision }), service.client('eve', { revision })]
      let continuationToken: string | undefined
      const tokens: (string | undefined)[] = []
      for (let page = 0; page < 4; page++) {
        const answer = await ada.call(tool, {
          ...args,
          ...(continuationToken !== undefined && { continuationToken }),
        })
        tokens.push(continuationToken)
        continuationToken = nextPageIn(answer)
      }
      await sandbox.control.clearRequests()
      const page = { ...args, continuationToken: tokens.at(-1) }
      const own = await ada.callForRows(tool, page)
      expect(own.rows.length).toBeGreaterThan(0)
      expect(await upstream()).toEqual([])
      const others = await eve.callForRows(tool, page)
      expect(others.rows).toEqual(own.rows)
      expect((await upstream()).length).toBeGreaterThan(0)
    },
  )
})

describe('the state of a question', () => {
  const capabilities: Json = forms
  const ask = (client: ServiceClient) => client.call(...clone)

  test('of one caller is refused for another, who is asked', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { capabilities }), service.client('eve', { capabilities })]
    const state = (await ask(ada)).result?.['requestState']
    expect(state).toEqual(expect.any(String))
    const answered = await eve.answerQuestion(...clone, state)
    expect(answered.result?.['requestState']).toEqual(expect.any(String))
    expect(answered.result?.['requestState']).not.toBe(state)
    expect(await effects()).toEqual([])
    const refused = service.audit().filter(({ event }) => event === 'refused')
    expect(refused).toHaveLength(1)
    expect(refused[0]?.['facts']).toMatchObject({ caller: { name: 'eve' } })
    expect((await ada.answerQuestion(...clone, state)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
  })

  test('is not burnt by another caller who sends it with a no', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { capabilities }), service.client('eve', { capabilities })]
    const state = (await ask(ada)).result?.['requestState']
    const declined = await eve.answerQuestion(...clone, state, { action: 'decline' })
    expect(declined.result?.['requestState']).toEqual(expect.any(String))
    expect((await ada.answerQuestion(...clone, state)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
  })

  test('a no of one caller says nothing about the same call of another', async ({ serve, effects }) => {
    const service = await serve({ callers })
    const [ada, eve] = [service.client('ada', { capabilities }), service.client('eve', { capabilities })]
    for (let round = 0; round < 2; round++) {
      const state = (await ask(ada)).result?.['requestState']
      expect((await ada.answerQuestion(...clone, state, { action: 'decline' })).kind).toBe('declined')
    }
    expect((await ask(ada)).kind).toBe('declined')
    const state = (await ask(eve)).result?.['requestState']
    expect((await eve.answerQuestion(...clone, state)).isError).toBe(false)
    expect(await effects()).toEqual([cloned])
  })
})

test('ten waiting calls of one caller leave room for another, and the refusal names only their own', async ({
  serve,
}) => {
  const service = await serve({ callers })
  const [ada, eve] = [service.client('ada'), service.client('eve')]
  const codes: string[] = []
  for (let number = 0; number < 10; number++)
    codes.push(codeIn(await ada.call('car_clone_script', { scriptId: 61179, title: `Copy ${number}` })))
  expect(new Set(codes).size).toBe(10)
  const full = await ada.call('car_clone_script', { scriptId: 61179, title: 'Copy 10' })
  expect(full.kind).toBe('busy')
  const own = codeIn(await eve.call(...clone))
  expect(codes).not.toContain(own)
  expect(own).not.toBe('')
  expect(full.text).not.toContain(own)
})

test('look-ups are shared: what one caller saw completes an argument of another who has the prompt', async ({
  serve,
}) => {
  const service = await serve({ callers })
  const titles = await service.client('ada').call('car_search_scripts', { pageSize: 5 })
  expect(titles.isError).toBe(false)
  const completed = async (name: string): Promise<unknown> => {
    const ref = { type: 'ref/prompt', name: 'roll_out_script' }
    const { result } = await service
      .client(name)
      .request('completion/complete', { ref, argument: { name: 'scriptId', value: '' } })
    return (result?.['completion'] as { readonly values: readonly string[] } | undefined)?.values.length
  }
  expect(await completed('ada')).toBe(5)
  expect(await completed('eve')).toBe(5)
})
