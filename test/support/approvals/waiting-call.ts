import { createHash } from 'node:crypto'
import type { ApprovalRecord } from '../../../src/tools/approvals.ts'
import {
  digestOf,
  hashOfJson,
  recordLifetimeMs,
} from '../../../src/tools/effects/approval/approval-record.ts'
import type { NewCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { StoredCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { sealedFacts } from '../../../src/tools/effects/preview/sealed.ts'
import { previewOfLines } from '../consent/previews.ts'

// Calls that wait for a person, each made from a text: the same text and time make the same record.

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What names the call that is made from a text, whatever its preview says. */
export const keyOf = (text: string): string => sha256Of(`call ${text}`)

export const server = '11111111-1111-4111-8111-111111111111'
export const otherServer = '22222222-2222-4222-8222-222222222222'

/** The SHA-256 of what a record says of a preview. */
export const previewHash = ({ facts }: Preview): string => hashOfJson(sealedFacts(facts))

/** The record of the call that is made from a text, asked at a time in ms since 1970. */
export function recordOf(text: string, at: number, more: Partial<ApprovalRecord> = {}): ApprovalRecord {
  return {
    v: 1,
    server: '00000000-0000-4000-8000-000000000000',
    account: 'https://gateway.example.org somebody',
    platform: 'sandbox',
    caller: 'stdio',
    tool: 'car_execute_script',
    effect: 'execute',
    arguments: sha256Of(`arguments ${text}`),
    preview: previewHash(previewOfLines(text, 'now')),
    id: sha256Of(`id ${text}`).slice(0, 32),
    asked: new Date(at).toISOString(),
    until: new Date(at + recordLifetimeMs).toISOString(),
    ...more,
  }
}

/** How a call differs from the one that is made from its text. */
export interface Differences extends Partial<Omit<NewCall, 'waiter' | 'record' | 'digest'>> {
  readonly waiter?: Partial<NewCall['waiter']>
  readonly record?: Partial<ApprovalRecord>
  /** When it was asked: in ms since 1970, now unless it is given. */
  readonly at?: number
}

/** A call that has to wait, made from a text. */
export function waitingCall(
  text: string,
  { waiter = {}, at = Date.now(), record: ofRecord = {}, ...more }: Differences = {},
): NewCall {
  const preview = more.preview ?? previewOfLines(text, 'now')
  const record = recordOf(text, at, { preview: previewHash(preview), ...ofRecord })
  return {
    digest: digestOf(record),
    record,
    preview,
    ways: ['client', 'page', 'terminal'],
    waiter: { server, caller: 'stdio', key: keyOf(text), ...waiter },
    ...more,
  }
}

/** A call as its file has it while it waits. */
export function storedCall(text: string, more: Differences = {}): Omit<StoredCall, 'code'> {
  const { waiter, linkOf: _, ...call } = waitingCall(text, more)
  return { ...call, waiters: [waiter], at: Date.parse(call.record.asked) }
}
