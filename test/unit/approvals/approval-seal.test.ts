import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isSealed, sealApproval } from '../../../src/tools/effects/approval/approval-seal.ts'
import type { Approval } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { onPage } from '../../support/approvals/decisions.ts'
import { sha256Of } from '../../support/approvals/waiting-call.ts'

// The seal of the page of the service: it shows that this process wrote the approval, for this record.

const key = randomBytes(32)
const digest = sha256Of('one')
const now = Date.now()
const login: Approval = { way: 'page', by: 'login', person: 'ada', at: now }
const passkey: Approval = {
  ...{ way: 'page', by: 'passkey', person: 'ada', at: now },
  passkey: { credentialId: 'AAAA', assertion: { id: 'AAAA', response: { signature: 'BBBB' } } },
}
const sealed = sealApproval(key, digest, login)

test.each([
  ['a login', login],
  ['a passkey', passkey],
  ['a page key', onPage(now)],
])('what is sealed counts: %s', (_what, approval) => {
  const { seal, ...rest } = sealApproval(key, digest, approval)
  expect(seal).toMatch(/^[0-9a-f]{64}$/)
  expect(rest).toEqual(approval)
  expect(isSealed(key, digest, { ...rest, seal } as Approval)).toBe(true)
  // As it comes back from the file.
  expect(isSealed(key, digest, JSON.parse(JSON.stringify({ seal, ...rest })))).toBe(true)
})

test('to seal again changes nothing', () => {
  expect(sealApproval(key, digest, sealed)).toEqual(sealed)
})

describe('a seal does not count', () => {
  test('of another process, or for another record', () => {
    expect(isSealed(randomBytes(32), digest, sealed)).toBe(false)
    expect(isSealed(key, sha256Of('two'), sealed)).toBe(false)
  })

  test.each<readonly [string, Partial<Approval>]>([
    ['person', { person: 'eve' }],
    ['way', { way: 'terminal' }],
    ['kind', { by: 'passkey' }],
    ['time', { at: now + 1 }],
    ['passkey', { passkey: { credentialId: 'AAAA', assertion: {} } }],
  ])('with another %s', (_what, change) => {
    expect(isSealed(key, digest, { ...sealed, ...change })).toBe(false)
  })

  test('of another person, if the assertion in it changes', () => {
    const { passkey: signed, ...rest } = sealApproval(key, digest, passkey)
    const assertion = { ...signed?.assertion, id: 'CCCC' }
    expect(isSealed(key, digest, { ...rest, passkey: { credentialId: 'AAAA', assertion } })).toBe(false)
  })

  test.each([undefined, '', 'zz'.repeat(32), sealed.seal?.slice(2), `${sealed.seal}00`])(
    'that is %j',
    (seal) => {
      const { seal: _, ...rest } = sealed
      expect(isSealed(key, digest, seal === undefined ? rest : { ...rest, seal })).toBe(false)
    },
  )
})
