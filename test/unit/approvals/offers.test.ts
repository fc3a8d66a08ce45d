import { readdirSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import type { ApprovalPage, Approvals } from '../../../src/tools/approvals.ts'
import type { CallToApprove } from '../../../src/tools/effects/approval/offer.ts'
import {
  approveCall,
  declineCall,
  findPending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approver, Caller } from '../../../src/tools/tool.ts'
import { inTerminal, onPage } from '../../support/approvals/decisions.ts'
import { linkOf, pageOf, passkeysOf, withPasskey } from '../../support/approvals/pages.ts'
import { type RecordKeeper, recordKeeper } from '../../support/approvals/stores.ts'
import {
  answerOf,
  callToApprove,
  commandIn,
  decide,
  openedOf,
  preview,
  refusalOf,
  temporary,
  waitingCode,
} from '../../support/consent/decision.ts'

// How a call can be approved elsewhere than in a form, and what the assistant is told of it.

let stateDir: string
let call: CallToApprove
let keeper: RecordKeeper
beforeEach(() => {
  stateDir = temporary()
  call = callToApprove()
  keeper = recordKeeper(stateDir)
})

const noForms = { isReachable: false }
const addresses = { isReachable: false, opensAddresses: true }
const ada: Caller = { id: 'ada', named: { name: 'ada', person: 'ada', knownBy: 'token' } }
/** The page of this machine, whose key nobody else has. */
const ownPage = (more: Partial<ApprovalPage> = {}): ApprovalPage =>
  pageOf({ keyLinkFor: async (code) => `${linkOf(code)}#key`, ...more })

interface Place {
  readonly page?: ApprovalPage
  readonly environment?: Environment
  readonly caller?: Caller
  readonly approver?: Partial<Approver>
  readonly approvals?: Partial<Approvals>
}

/** The call in a place with a page, by a client that cannot ask. */
const attempt = ({ page = ownPage(), approver = noForms, ...more }: Place = {}) =>
  decide(call, { stateDir, records: keeper.records, page, approver, ...more })
const then = '; then make the identical call again, which waits for the answer.'

describe('the first refusal says how a person can approve', () => {
  test('on the page of this machine, or in a terminal', async () => {
    const { message, next } = await refusalOf(attempt())
    expect(message).toBe('A person has to approve this, and this client cannot ask one; nothing was sent.')
    expect(next).toBe(
      `Ask the person to open ${linkOf(waitingCode(stateDir))} (on the machine where this server runs), or to run ${commandIn(stateDir)} there within ten minutes${then}`,
    )
  })

  test('on the page alone', async () => {
    const { message, next } = await refusalOf(attempt({ environment: { QUALYS_APPROVE_BY: 'page' } }))
    expect(message).toBe('A person has to approve this; nothing was sent.')
    expect(next).toBe(
      `Ask the person to open ${linkOf(waitingCode(stateDir))} (on the machine where this server runs) within ten minutes${then}`,
    )
  })

  test('in a terminal alone: no page is started', async () => {
    const page = ownPage({ start: () => Promise.reject(new Error('started')) })
    const { next } = await refusalOf(attempt({ page, environment: { QUALYS_APPROVE_BY: 'terminal' } }))
    expect(next).toBe(`Ask the person to run ${commandIn(stateDir)} in a terminal within ten minutes${then}`)
  })

  test.each<readonly [string, Environment, string]>([
    ['a passkey', {}, 'only a passkey on the approval page counts'],
    [
      'the passkey of another person',
      { QUALYS_FOUR_EYES: 'execute' },
      'only the passkey of another person counts',
    ],
  ])('with %s', async (_what, more, rule) => {
    const environment = { QUALYS_PASSKEY_FOR: 'execute', ...more }
    const { next } = await refusalOf(attempt({ environment }))
    const who = more['QUALYS_FOUR_EYES'] ? 'another person' : 'the person'
    expect(next).toBe(
      `Ask ${who} to open ${linkOf(waitingCode(stateDir))} (on the machine where this server runs) within ten minutes (${rule})${then}`,
    )
  })

  test('with a passkey where none counts yet: the operator has to add one', async () => {
    const approvals = { passkeys: async () => passkeysOf(new Error('there is none')) }
    const environment = { QUALYS_PASSKEY_FOR: 'execute' }
    const { next } = await refusalOf(attempt({ environment, approvals }))
    expect(next).toMatch(
      / which waits for the answer\. No passkey counts yet: the operator adds one with `qualys-mcp passkey add NAME`\.$/,
    )
  })

  test('on the page of the service, which has an address for everybody', async () => {
    const environment = { QUALYS_APPROVE_BY: 'page', QUALYS_FOUR_EYES: 'execute' }
    const { next } = await refusalOf(attempt({ page: pageOf(), caller: ada, environment }))
    expect(next).toBe(
      `Ask another person to open ${linkOf(waitingCode(stateDir))} within ten minutes (only the approval page counts, by another person)${then}`,
    )
    expect(findPending(stateDir, waitingCode(stateDir))).toMatchObject({
      ...{ ways: ['page'], needsOther: true, person: 'ada', link: linkOf(waitingCode(stateDir)) },
      waiters: [{ caller: 'ada' }],
    })
  })

  test('on the page of the service, or in a terminal on its machine', async () => {
    const { next } = await refusalOf(attempt({ page: pageOf(), caller: ada }))
    expect(next).toBe(
      `Ask the person to open ${linkOf(waitingCode(stateDir))}, or to run ${commandIn(stateDir)} on its machine within ten minutes${then}`,
    )
  })

  test('in a terminal on the machine of the service, where it has no page', async () => {
    const environment = { QUALYS_APPROVE_BY: 'terminal' }
    const { next } = await refusalOf(attempt({ caller: ada, environment }))
    expect(next).toBe(
      `Ask the person to run ${commandIn(stateDir)} in a terminal on the machine of this server within ten minutes${then}`,
    )
  })

  test('in the minutes that are left', async () => {
    const at = Date.now() - 7 * 60_000
    const times = { asked: new Date(at).toISOString(), until: new Date(at + 600_000).toISOString() }
    call = callToApprove({ record: times })
    expect((await refusalOf(attempt())).next).toContain(' there within 3 minutes; then')
  })
})

test('the call is kept with the ways that count: a form only if the client shows them', async () => {
  const ways = () => findPending(stateDir, waitingCode(stateDir))?.ways
  await refusalOf(attempt())
  expect(ways()).toEqual(['page', 'terminal'])
  await refusalOf(attempt({ approver: { answer: await answerOf('no form', call) } }))
  expect(ways()).toEqual(['client', 'page', 'terminal'])
  await attempt({ environment: { QUALYS_PASSKEY_FOR: 'execute' } })
  expect(ways()).toEqual(['passkey'])
})

describe('a page that cannot be started', () => {
  const page = ownPage({
    start: () => Promise.reject(new SetupError('Port 80 is taken.', 'Set QUALYS_PAGE_PORT to another one.')),
  })

  test('is said beside the terminal', async () => {
    const { next } = await refusalOf(attempt({ page }))
    expect(next).toBe(
      `Ask the person to run ${commandIn(stateDir)} in a terminal (Port 80 is taken) within ten minutes${then}`,
    )
    expect(findPending(stateDir, waitingCode(stateDir))?.link).toBeUndefined()
  })

  test.each<readonly [string, Environment]>([
    ['the page', { QUALYS_APPROVE_BY: 'page' }],
    ['a passkey', { QUALYS_PASSKEY_FOR: 'execute' }],
  ])('is an error of the operator where %s alone counts', async (_what, environment) => {
    const refused = attempt({ page, environment })
    await expect(refused).rejects.toThrow(SetupError)
    await expect(refused).rejects.toThrow(/ nothing was sent\. Port 80 is taken\.$/)
    expect(readdirSync(stateDir)).toEqual([])
  })

  test('is none where no page counts, and a form is the only way', async () => {
    const environment = { QUALYS_APPROVE_BY: 'client' }
    const refused = attempt({ page, environment })
    await expect(refused).rejects.toThrow(SetupError)
    await expect(refused).rejects.toThrow(/in a form of the client alone \(QUALYS_APPROVE_BY\)\.$/)
    expect(await attempt({ page, environment, approver: {} })).toHaveProperty('question')
  })
})

describe('the identical call', () => {
  test('waits for the person, and runs once they said yes', async () => {
    await refusalOf(attempt())
    const waiting = await attempt()
    expect(waiting).toMatchObject({ waitingFor: linkOf(waitingCode(stateDir)) })
    if (!('decided' in waiting)) throw new Error('the call does not wait')
    approveCall(stateDir, call.digest, onPage())
    await waiting.decided(new AbortController().signal)
    expect(await attempt()).toMatchObject({
      approvedBy: 'a person, on the approval page',
      verified: { approval: { way: 'page', by: 'page key' } },
    })
  })

  test('hears of a no, and asks with another record after that', async () => {
    await refusalOf(attempt())
    const waiting = await attempt()
    if (!('decided' in waiting)) throw new Error('the call does not wait')
    declineCall(stateDir, call.digest, { way: 'page' })
    await expect(waiting.decided(new AbortController().signal)).rejects.toThrow(
      /^A person said no on the approval page, so nothing was sent\.$/,
    )
    expect(keeper.recordOf(call.subject).id).not.toBe(call.record.id)
  })

  test('is not asked in a form where the page alone counts, and no form answers it', async () => {
    const environment = { QUALYS_APPROVE_BY: 'page' }
    const answer = await answerOf('approved', call)
    await refusalOf(attempt({ environment, approver: { answer } }))
    expect(waitingCode(stateDir)).toMatch(/^.{4}-.{4}$/)
  })
})

describe('the browser of this machine', () => {
  const opened: string[] = []
  beforeEach(() => {
    opened.length = 0
  })
  const page = ownPage({
    openInBrowser: async (code) => {
      opened.push(code)
      return true
    },
  })

  test('is opened on the page of a new call, once, and the call waits for the person at once', async () => {
    for (const _ of [1, 2]) expect(await attempt({ page })).toHaveProperty('waitingFor')
    expect(opened).toEqual([waitingCode(stateDir)])
  })

  test('that cannot be opened leaves the sentence', async () => {
    await refusalOf(attempt({ page: ownPage({ openInBrowser: async () => false }) }))
  })

  test('is left alone where no page counts', async () => {
    await refusalOf(attempt({ page, environment: { QUALYS_APPROVE_BY: 'terminal' } }))
    expect(opened).toEqual([])
  })
})

describe('a client that opens addresses', () => {
  test('gets the address with the key, which is never in a text, and opening it is no yes', async () => {
    const asked = await attempt({ approver: addresses })
    const code = waitingCode(stateDir)
    expect(asked).toEqual({
      question: expect.not.stringContaining('http'),
      url: `${linkOf(code)}#key`,
      state: expect.any(String),
      digest: call.digest,
      isForged: false,
    })
    const answer = await openedOf(call)
    const outcome = await attempt({ approver: { ...addresses, answer } })
    expect(outcome).toMatchObject({ waitingFor: linkOf(code), error: { message: expect.any(String) } })
    expect(JSON.stringify(outcome)).not.toContain('#key')
    expect(findPending(stateDir, code)?.link).toBe(linkOf(code))
  })

  test('does not turn the state of an address into that of a form, nor the other way round', async () => {
    const { state } = await openedOf(call)
    const approver = { ...addresses, isReachable: true }
    const asForm = await attempt({ approver: { ...approver, answer: { kind: 'approved', state } } })
    expect(asForm).toMatchObject({ isForged: true, question: preview })
    const { state: formState } = await answerOf('approved', call)
    const answer = { kind: 'approved', state: formState, isOfAddress: true } as const
    expect(await attempt({ approver: { ...approver, answer } })).toMatchObject({ isForged: true })
  })

  test('gets the address of the service, which needs no key', async () => {
    const asked = await attempt({ page: pageOf(), caller: ada, approver: addresses })
    expect(asked).toMatchObject({ url: linkOf(waitingCode(stateDir)) })
  })

  test('does not run a call by a yes to the address where the page alone counts', async () => {
    const environment = { QUALYS_APPROVE_BY: 'page' }
    const answer = await answerOf('approved', call)
    await refusalOf(attempt({ environment, approver: { ...addresses, answer } }))
  })
})

describe('an approval in a way that is not taken here', () => {
  test('is said, with the way that is', async () => {
    await refusalOf(attempt())
    approveCall(stateDir, call.digest, inTerminal())
    const environment = { QUALYS_PASSKEY_FOR: 'execute' }
    const { message, next } = await refusalOf(attempt({ environment }))
    expect(message).toBe(
      'It was approved in a terminal, but only a passkey on the approval page counts. Nothing was sent.',
    )
    expect(next).toContain(linkOf(waitingCode(stateDir)))
    // The right way is still open.
    approveCall(stateDir, call.digest, withPasskey('bob'))
    expect(await attempt({ environment })).toMatchObject({
      approvedBy: 'bob, on the approval page with a passkey',
    })
  })
})
