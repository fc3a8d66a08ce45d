import { createHash } from 'node:crypto'
import type { NewCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { previewOfLines } from '../consent/previews.ts'

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What names the call that is made from a text, whatever its preview says. */
export const keyOf = (text: string): string => digestOf(`call ${text}`)

const server = '11111111-1111-4111-8111-111111111111'
export const otherServer = '22222222-2222-4222-8222-222222222222'

/** How a call differs from the one that is made from its text. */
export interface Differences extends Partial<Omit<NewCall, 'waiter'>> {
  readonly waiter?: Partial<NewCall['waiter']>
}

/** A call that has to wait, made from a text. */
export const waitingCall = (text: string, { waiter = {}, ...more }: Differences = {}): NewCall => ({
  digest: digestOf(text),
  tool: 'car_execute_script',
  preview: previewOfLines(text, 'now'),
  waiter: { server, caller: 'stdio', key: keyOf(text), ...waiter },
  ...more,
})
