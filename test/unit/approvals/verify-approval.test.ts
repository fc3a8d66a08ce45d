import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { InputError, SetupError } from '../../../src/shared/errors.ts'
import type { ApprovalPage, PasskeyVerifier } from '../../../src/tools/approvals.ts'
import { sealApproval } from '../../../src/tools/effects/approval/approval-seal.ts'
import { verifyAgain } from '../../../src/tools/effects/approval/consent.ts'
import {
  approveCall,
  type NewCall,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approval, FoundCall, Way } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { verifyApproval } from '../../../src/tools/effects/approval/verify-approval.ts'
import type { TakenWays } from '../../../src/tools/effects/approval/ways.ts'
import { type Caller, localCaller, type ToolContext } from '../../../src/tools/tool.ts'
import { inTerminal, onPage } from '../../support/approvals/decisions.ts'
import { pageOf, passkeysOf, withPasskey } from '../../support/approvals/pages.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import { storedCall, waitingCall } from '../../support/approvals/waiting-call.ts'
import { callToApprove, contextOf, refusalOf } from '../../support/consent/decision.ts'

// An approval that was given elsewhere, verified by the process that sends.

const now = Date.now()
const sealKey = randomBytes(32)
const stored = { ...storedCall('one', { at: now }), code: 'AAAA-AAAA', state: 'approved' } as const
const { digest } = stored
const ada: Caller = { id: 'ada', named: { name: 'ada', person: 'ada', knownBy: 'token' } }
const login = (person?: string): Approval => ({
  ...{ way: 'page', by: 'login', at: now },
  ...(person !== undefined && { person }),
})
const sealed = (approval: Approval): Approval => sealApproval(sealKey, digest, approval)

interface Place {
  readonly ways?: readonly Way[]
  readonly needsOther?: boolean
  readonly caller?: Caller
  readonly passkeys?: () => Promise<PasskeyVerifier>
  readonly page?: ApprovalPage | undefined
}

/** What an approval is worth; everything but a passkey is taken unless it is said. */
function verify(
  approval: Approval | undefined,
  {
    ways = ['client', 'page', 'terminal'],
    needsOther = false,
    caller = localCaller,
    passkeys = async () => passkeysOf('bob'),
    page = pageOf(),
  }: Place = {},
) {
  const call: FoundCall = { ...stored, ...(approval && { approval }) }
  const taken: TakenWays = { ways, needsOther }
  const context = { caller, safeguards: { approvals: { passkeys, page, sealKey } } } as unknown as ToolContext
  return verifyApproval(call, taken, context)
}

describe('a yes counts', () => {
  test.each([
    ['in a terminal', inTerminal(now)],
    ['on the page of this machine', onPage(now)],
  ])('%s', async (_what, approval) => {
    expect(await verify(approval)).toEqual({ approval })
  })

  test('with a passkey, which is checked again against the record and the origins of the page', async () => {
    const passkeys = passkeysOf('bob')
    const approval = withPasskey('bob', now)
    for (const ways of [['passkey'], ['page']] as const) {
      const verified = await verify(approval, { ways, passkeys: async () => passkeys })
      expect(verified).toEqual({
        approval,
        signature: {
          passkey: { person: 'bob', credentialId: 'AAAA', publicKey: 'PPPP', rpId: 'localhost' },
          assertion: approval.passkey?.assertion,
          origin: 'http://localhost:47110',
        },
      })
    }
    expect(passkeys.checks).toHaveLength(2)
    expect(passkeys.checks[0]).toEqual({
      assertion: approval.passkey?.assertion,
      digest,
      origins: ['http://localhost:47110'],
      person: 'bob',
      isAgain: true,
    })
  })

  test('on the page of the service, if this process sealed it', async () => {
    for (const approval of [sealed(login('bob')), sealed(login('ada'))])
      expect(await verify(approval, { caller: ada })).toEqual({ approval })
    const signed = sealed(withPasskey('bob', now))
    expect(await verify(signed, { caller: ada })).toMatchObject({ approval: signed })
  })

  test('of another person where that is asked for', async () => {
    const place = { caller: ada, ways: ['page'], needsOther: true } as const
    expect(await verify(sealed(login('bob')), place)).toHaveProperty('approval')
    expect(await verify(sealed(withPasskey('bob', now)), { ...place, ways: ['passkey'] })).toHaveProperty(
      'signature',
    )
  })
})

describe('a yes in a way that is not taken is none', () => {
  const passkeyAlone = 'only a passkey on the approval page counts'

  test.each<readonly [Approval, readonly Way[], string]>([
    [inTerminal(now), ['page'], 'It was approved in a terminal, but only the approval page counts.'],
    [onPage(now), ['terminal'], 'It was approved on the approval page, but only a terminal counts.'],
    [
      onPage(now),
      ['client'],
      'It was approved on the approval page, but only the form of the client counts.',
    ],
    [inTerminal(now), ['passkey'], `It was approved in a terminal, but ${passkeyAlone}.`],
    [onPage(now), ['passkey'], `It was approved on the approval page, but ${passkeyAlone}.`],
    [login('bob'), ['passkey'], `It was approved on the approval page, but ${passkeyAlone}.`],
    [
      withPasskey('bob', now),
      ['client', 'terminal'],
      'It was approved on the approval page with a passkey, but only the form of the client and a terminal count.',
    ],
  ])('%j', async (approval, ways, fault) => {
    expect(await verify(approval, { ways })).toBe(fault)
  })

  test('the keys are not even looked at', async () => {
    const passkeys = passkeysOf('bob')
    await verify(withPasskey('bob', now), { ways: ['terminal'], passkeys: async () => passkeys })
    await verify(inTerminal(now), { ways: ['passkey'], passkeys: async () => passkeys })
    expect(passkeys.checks).toEqual([])
  })
})

describe('a signature does not count', () => {
  const ways = ['passkey'] as const

  test('that is not there', async () => {
    const { passkey: _, ...approval } = withPasskey('bob', now)
    expect(await verify(approval, { ways })).toBe(
      'The approval with a passkey came without a signature, so it does not count.',
    )
  })

  test.each([
    [
      'of a key that is no longer pinned',
      new InputError('This passkey is not among the ones that count.', ''),
    ],
    ['where the keys cannot be read', new SetupError('The file of the passkeys is damaged.', 'Repair it.')],
  ])('%s', async (_what, error) => {
    const passkeys = async () => passkeysOf(error)
    expect(await verify(withPasskey('bob', now), { ways, passkeys })).toBe(error.message)
    const unreadable = () => Promise.reject(error)
    expect(await verify(withPasskey('bob', now), { ways, passkeys: unreadable })).toBe(error.message)
  })

  test('that fails for a reason nobody knows: the call fails', async () => {
    const passkeys = async () => passkeysOf(new TypeError('x'))
    await expect(verify(withPasskey('bob', now), { ways, passkeys })).rejects.toThrow(TypeError)
  })

  test('of another origin: without a page, no origin is one of ours', async () => {
    const passkeys = passkeysOf('bob')
    const page = pageOf({ origins: () => [] })
    await verify(withPasskey('bob', now), { ways, page, passkeys: async () => passkeys })
    expect(passkeys.checks[0]?.origins).toEqual([])
  })
})

describe('in the service', () => {
  const unsealed =
    'It was not approved on the page of this service, or before the password of its account changed, so it does not count.'

  test.each<readonly [string, Approval]>([
    ['without a seal', login('bob')],
    ['with the seal of another process', sealApproval(randomBytes(32), digest, login('bob'))],
    ['with the seal of another record', sealApproval(sealKey, 'a'.repeat(64), login('bob'))],
    ['whose person was changed', { ...sealed(login('bob')), person: 'eve' }],
    ['that only has the page key', onPage(now)],
    ['with a passkey, without a seal', withPasskey('bob', now)],
  ])('a yes on the page is none %s', async (_what, approval) => {
    expect(await verify(approval, { caller: ada })).toBe(unsealed)
  })

  test('a yes in a terminal needs no seal: whoever may write there may approve there', async () => {
    expect(await verify(inTerminal(now), { caller: ada })).toEqual({ approval: inTerminal(now) })
  })
})

describe('where another person has to approve', () => {
  const own = 'It was approved by the person who asks, but another person has to approve it.'
  const place = { caller: ada, ways: ['page'], needsOther: true } as const

  test.each<readonly [string, Approval]>([
    ['the person who asks', sealed(login('ada'))],
    ['nobody in particular', sealed(login())],
  ])('a yes of %s is none', async (_what, approval) => {
    expect(await verify(approval, place)).toBe(own)
  })

  test('a yes with the passkey of the person who asks is none, whoever was logged in', async () => {
    const passkeys = async () => passkeysOf('ada')
    const ways = ['passkey'] as const
    expect(await verify(sealed(withPasskey('bob', now)), { ...place, ways, passkeys })).toBe(own)
  })

  test('a yes in a terminal is none', async () => {
    expect(await verify(inTerminal(now), place)).toBe(
      'It was approved in a terminal, but only the approval page counts, by another person.',
    )
  })
})

test('an approval that does not say how it was given is none', async () => {
  expect(await verify(undefined)).toBe('The approval does not say how it was given, so it does not count.')
})

describe('just before the request', () => {
  let stateDir: string
  let call: NewCall
  beforeEach(() => {
    stateDir = newStateDir()
    call = waitingCall('one')
    savePending(stateDir, call)
  })
  const again = (signer: string | Error = 'bob', environment: Environment = {}) =>
    verifyAgain(
      callToApprove({ record: call.record }),
      contextOf({
        ...{ stateDir, environment, page: pageOf() },
        approvals: { passkeys: async () => passkeysOf(signer) },
      }),
    )

  test('an approval is verified again, and still counts', async () => {
    approveCall(stateDir, call.digest, withPasskey('bob'))
    await again()
  })

  test('it counts no longer if its key was removed meanwhile, or the settings changed', async () => {
    approveCall(stateDir, call.digest, withPasskey('bob'))
    const removed = await refusalOf(again(new SetupError('This passkey no longer counts.', '')))
    expect(removed.message).toBe('This passkey no longer counts. Nothing was sent.')
    const changed = await refusalOf(again('bob', { QUALYS_APPROVE_BY: 'terminal' }))
    expect(changed.message).toBe(
      'It was approved on the approval page with a passkey, but only a terminal counts. Nothing was sent.',
    )
  })

  test('it is gone if another call used it', async () => {
    approveCall(stateDir, call.digest, inTerminal())
    recordKeeper(stateDir).use(call)
    expect((await refusalOf(again())).message).toBe(
      'The approval is gone or was used by another call meanwhile; nothing was sent.',
    )
  })
})
