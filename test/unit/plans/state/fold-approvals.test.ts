import { expect, test } from 'vitest'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import {
  bareLines,
  hostIds,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'

const plan = samplePlan({ waves: [sampleWave({ hosts: hostIds(2), needsApproval: true })] })
const approval = sampleApproval()
const begun = [
  proposed(plan),
  { kind: 'approved', approval },
  { kind: 'approved', wave: 0, approval },
] as const
const resumed = { kind: 'resumed', approval, sha256: 'f'.repeat(64) } as const

test.each([
  ['its approval did not count', 'approval', undefined],
  ['a person held it', 'person', approval],
] as const)('a plan that is resumed after %s keeps or loses the yes to its wave', (_, reason, kept) => {
  const held = { kind: 'held', reason, why: 'It was held.' } as const
  const { waves } = foldPlan(bareLines([...begun, held, resumed]))
  expect(waves[0]?.approval).toEqual(kept)
})
