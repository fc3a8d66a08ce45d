import { describe, expect } from 'vitest'
import { serviceTestOn } from '../../support/service/fixture.ts'
import type { ServiceOptions, TestService } from '../../support/service/service.ts'
import { formIn, readable } from '../../support/service-page/browser.ts'
import {
  askAs,
  at,
  browserOf,
  callOf,
  codeIn,
  decide,
  pageOrigin,
  pageSettings,
  people,
} from '../../support/service-page/page.ts'

// Who sees and decides what, through the whole service: from the call of a tool to the request at Qualys.

const test = serviceTestOn()

const callers: ServiceOptions['callers'] = {
  ...people,
  // A second caller of the same person.
  'ada-phone': { role: 'approver', person: 'Ada' },
  bob: { role: 'operator', person: 'Bob' },
  sam: { role: 'approver', person: 'Sam', toolsets: ['saq'] },
  all: { role: ['viewer', 'operator', 'approver'], person: 'Zoe' },
  both: { role: ['admin', 'approver'], person: 'Kim', toolsets: ['saq'] },
}
const page = { callers, settings: pageSettings }
const fourEyes = { callers, settings: { ...pageSettings, QUALYS_FOUR_EYES: 'create' } }

const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const

/** Which requests a person sees in the list of what waits. */
async function seenBy(
  service: TestService,
  name: string,
  codes: readonly string[],
): Promise<readonly string[]> {
  const { text } = await (await browserOf(service, name)).open(at('/waiting'))
  return codes.filter((code) => text.includes(code))
}

describe('a person sees', () => {
  test('their own requests, by whichever of their callers', async ({ serve }) => {
    const service = await serve(page)
    const [ofAda, ofBob] = [await askAs(service, 'ada'), await askAs(service, 'bob', 'Of Bob')]
    expect(await seenBy(service, 'ada', [ofAda, ofBob])).toEqual([ofAda])
    expect(await seenBy(service, 'bob', [ofAda, ofBob])).toEqual([ofBob])
  })

  test('nothing of others without a role for it', async ({ serve }) => {
    const service = await serve(page)
    expect(await seenBy(service, 'tom', [await askAs(service, 'ada')])).toEqual([])
  })

  test('those of their toolsets as an approver, and all as an admin', async ({ serve }) => {
    const service = await serve(page)
    const ofCar = await askAs(service, 'ada')
    const ofSaq = codeIn(await service.client('ada').call('saq_delete_user', { userId: 401990 }))
    const codes = [ofCar, ofSaq]
    expect(ofSaq).not.toBe('')
    expect(await seenBy(service, 'eve', codes)).toEqual(codes)
    expect(await seenBy(service, 'sam', codes)).toEqual([ofSaq])
    expect(await seenBy(service, 'root', codes)).toEqual(codes)
  })

  test('a request of others just as one that does not exist', async ({ serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'bob')
    const [real, none] = [
      await browser.open(at(`/approve/${code}`)),
      await browser.open(at('/approve/ABCD-2345')),
    ]
    expect([real.status, real.text]).toEqual([404, none.text])
    const posted = await browser.post(at(`/approve/${code}`), { decision: 'approve', token: 'x' })
    expect([posted.status, callOf(service, code).state]).toEqual([404, 'pending'])
  })
})

describe('a person decides', () => {
  test('as an approver: the request is sent once, with the next identical call', async ({
    serve,
    effects,
  }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    await decide(await browserOf(service, 'eve'), code, 'approve')
    expect(await effects()).toEqual([])
    const run = await service.client('ada').call(...clone)
    expect([run.isError, await effects()]).toEqual([false, ['POST /sm/v1/scripts/61179/clone']])
    const [approved] = service.audit().filter(({ event }) => event === 'approved')
    expect(JSON.stringify(approved)).toContain('Eve')
  })

  test('against it: nothing is sent', async ({ serve, effects }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    await decide(await browserOf(service, 'eve'), code, 'decline')
    const told = await service.client('ada').call(...clone)
    expect([callOf(service, code).state, told.isError, await effects()]).toEqual(['declined', true, []])
  })

  test('about their own request, if they are approver too and nobody wants four eyes', async ({
    serve,
    effects,
  }) => {
    const service = await serve(page)
    await decide(await browserOf(service, 'all'), await askAs(service, 'all'), 'approve')
    await service.client('all').call(...clone)
    expect(await effects()).toHaveLength(1)
  })

  test.for<readonly [string, string, RegExp]>([
    ['the one who asks, without the role', 'ada', /Only callers with the role approver/],
    ['an admin, without the role', 'root', /Only callers with the role approver/],
    ['an approver of other toolsets who sees all as an admin', 'both', /outside of your toolsets/],
  ])('not as %s', async ([, name, sentence], { serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, name)
    const shown = await browser.open(at(`/approve/${code}`))
    expect(readable(shown)).toMatch(sentence)
    const fields = formIn(shown, /^\/approve\//).fields
    for (const decision of ['approve', 'decline']) {
      const refused = await browser.post(shown.url, { ...fields, decision }, { from: pageOrigin })
      expect([refused.status, readable(refused)]).toEqual([403, expect.stringMatching(sentence)])
    }
    expect(callOf(service, code).state).toBe('pending')
  })
})

describe('with QUALYS_FOUR_EYES', () => {
  test.for(['ada-phone', 'all'])('nobody decides what they asked for: %s', async (name, { serve }) => {
    const service = await serve(fourEyes)
    const asker = name === 'all' ? 'all' : 'ada'
    const code = await askAs(service, asker)
    expect(callOf(service, code)).toMatchObject({ needsOther: true })
    const browser = await browserOf(service, name)
    const shown = await browser.open(at(`/approve/${code}`))
    expect(readable(shown)).toContain('Another person has to decide this call')
    const refused = await browser.post(
      shown.url,
      { ...formIn(shown, /^\/approve\//).fields, decision: 'approve' },
      { from: pageOrigin },
    )
    expect([refused.status, callOf(service, code).state]).toEqual([403, 'pending'])
  })

  test('a person whose name is spelled otherwise is the same person', async ({ serve }) => {
    const spelled = { ...callers, 'ada-2': { role: 'approver', person: 'ADA' } } as const
    const service = await serve({ ...fourEyes, callers: spelled })
    const code = await askAs(service, 'ada')
    const refused = await decide(await browserOf(service, 'ada-2'), code, 'approve')
    expect([refused.status, callOf(service, code).state]).toEqual([403, 'pending'])
  })

  test('another person does', async ({ serve, effects }) => {
    const service = await serve(fourEyes)
    await decide(await browserOf(service, 'eve'), await askAs(service, 'ada'), 'approve')
    expect((await service.client('ada').call(...clone)).isError).toBe(false)
    expect(await effects()).toEqual(['POST /sm/v1/scripts/61179/clone'])
  })

  test('an approval that another program wrote does not count', async ({ serve, effects }) => {
    const service = await serve(fourEyes)
    const code = await askAs(service, 'ada')
    const { approveCall } = await import('../../../src/tools/effects/approval/pending/pending-calls.ts')
    const { digest } = callOf(service, code)
    expect(
      approveCall(service.folder, digest, { way: 'page', by: 'login', person: 'Eve', at: Date.now() }),
    ).toBe(true)
    expect((await service.client('ada').call(...clone)).isError).toBe(true)
    expect(await effects()).toEqual([])
  })
})

test('calls of a server over stdio that shares the folder are not for people of the service', async ({
  serve,
}) => {
  const service = await serve(page)
  const code = await askAs(service, 'ada')
  const { storedCallSchema } = await import('../../../src/tools/effects/approval/pending/stored-call.ts')
  const { savePending } = await import('../../../src/tools/effects/approval/pending/pending-calls.ts')
  const { digestOf } = await import('../../../src/tools/effects/approval/approval-record.ts')
  const { state: _, ...known } = callOf(service, code)
  const stored = storedCallSchema.parse(known)
  const record = { ...stored.record, caller: 'stdio' }
  const [waiter] = stored.waiters
  if (!waiter) throw new Error('Nobody waits.')
  const local = savePending(service.folder, {
    record,
    digest: digestOf(record),
    preview: stored.preview,
    ways: ['page'],
    waiter: { ...waiter, caller: 'stdio', key: 'b'.repeat(64) },
  })
  expect(await seenBy(service, 'root', [code, local])).toEqual([code])
  expect(await seenBy(service, 'eve', [code, local])).toEqual([code])
})

test('past decisions are shown to whom the requests were', async ({ serve }) => {
  const service = await serve(page)
  await decide(await browserOf(service, 'eve'), await askAs(service, 'ada'), 'approve')
  await service.client('ada').call(...clone)
  const shownTo = async (name: string): Promise<string> =>
    readable(await (await browserOf(service, name)).open(at('/decisions')))
  for (const name of ['ada', 'ada-phone', 'eve', 'root'])
    expect(await shownTo(name)).toContain('Clone a script')
  for (const name of ['bob', 'tom', 'sam']) expect(await shownTo(name)).not.toContain('Clone a script')
})
