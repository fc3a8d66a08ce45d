import { expect, test } from 'vitest'
import { sourceText } from '../../../src/tools/effects/approval/page/html/html.ts'
import { stateView } from '../../../src/tools/effects/approval/page/html/state-view.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { waitingCall } from '../../support/approvals/waiting-call.ts'

// What the page says of a call that was approved.

function approved(tool: string): string {
  const { waiter, ...call } = waitingCall('one', { record: { tool } })
  const at = Date.parse('2026-03-01T10:00:00Z')
  const approval = { way: 'terminal', by: 'terminal', at } as const
  const found: FoundCall = { ...call, code: 'K7Q2-M9XD', waiters: [waiter], at, approval, state: 'approved' }
  return sourceText(stateView(found, at)).replaceAll(/<[^>]*>/g, '')
}

test.each(['car_plan_rollout', 'car_plan_rerun'])('a plan goes on by itself: %s', (tool) => {
  expect(approved(tool)).toBe(
    'Approved in a terminal, 2026-03-01 10:00:00 UTC: the rollout goes on by itself where a server or `qualys-mcp plans advance` moves it.',
  )
})

test.each(['car_execute_script', 'car_resume_rollout'])('another call is made again: %s', (tool) => {
  expect(approved(tool)).toMatch(
    /UTC\. It runs with the call that waits for it, or with the next identical one until /,
  )
})
