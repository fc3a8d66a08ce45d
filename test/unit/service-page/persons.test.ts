import { expect, test } from 'vitest'
import { sealApproval } from '../../../src/tools/effects/approval/approval-seal.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { verifyApproval } from '../../../src/tools/effects/approval/verify-approval.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'
import { storedCall } from '../../support/approvals/waiting-call.ts'

// Four eyes: whether the one who approved is the one who asks, in whatever way the operator spelled them.

const sealKey = Buffer.alloc(32, 1)
const stored = { ...storedCall('one'), code: 'AAAA-AAAA', state: 'approved' } as const

const verifyFor = (asker: string, approver: string) => {
  const login = { way: 'page', by: 'login', person: approver, at: Date.now() } as const
  const call: FoundCall = { ...stored, approval: sealApproval(sealKey, stored.digest, login) }
  const context = {
    caller: { id: 'http:ada', named: { name: 'ada', person: asker, knownBy: 'token' } },
    safeguards: { approvals: { sealKey } },
  } as unknown as ToolContext
  return verifyApproval(call, { ways: ['page'], needsOther: true }, context)
}

test.each([
  ['Ada', 'Ada'],
  ['Ada', 'ada'],
  ['Ada', 'ADA '],
  ['Ada', 'A\u200bda'],
  ['Ada Byron', 'Ada  Byron'],
])('%j asked, and %j is the same person', async (asker, approver) => {
  expect(await verifyFor(asker, approver)).toBe(
    'It was approved by the person who asks, but another person has to approve it.',
  )
})

test('another name is another person', async () => {
  expect(await verifyFor('Ada', 'Adam')).toHaveProperty('approval')
})
