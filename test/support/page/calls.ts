import type { ApprovalRecord } from '../../../src/tools/approvals.ts'
import { digestOf, hashOfJson, newRecord } from '../../../src/tools/effects/approval/approval-record.ts'
import type { CallStore } from '../../../src/tools/effects/approval/page/contract.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { sealedFacts } from '../../../src/tools/effects/preview/sealed.ts'

/** When the calls of these tests were asked. */
export const askedAt = Date.parse('2026-11-29T20:00:00.000Z')

/** A preview with one of each block. */
export const plainPreview: Preview = {
  facts: {
    headline: 'Run a script now (execute): 2 hosts',
    warnings: ['What a script has done cannot be undone.'],
    blocks: [
      'runs once, at once',
      { label: 'script', values: ['19218', 'Restart the agent'] },
      { label: 'parameters', values: ['path=C:\\Temp', 'mode=fast'], depth: 1 },
      {
        label: 'hosts',
        columns: ['id', 'name', 'platform'],
        rows: [
          ['21789601', 'web-01', 'Linux'],
          ['21789602', 'web-02', 'Windows'],
        ],
      },
      {
        excerpt: ['content: 2 lines'],
        lines: ['content: 3 lines, 30 characters'],
        difference: {
          summary: 'difference to the stored content: 1 line removed, 1 line added',
          lineCount: 3,
          rows: [
            { sign: ' ', number: 1, lines: ['#!/bin/sh'] },
            { sign: '-', number: 2, lines: ['echo "old"'] },
            { sign: '+', number: 2, lines: ['echo "new"'] },
            '(1 line alike)',
          ],
        },
        script: '#!/bin/sh\necho "new"\nexit 0\n',
      },
      { label: 'account', values: ['quays_ab1'] },
    ],
  },
  notes: ['now: 30 hosts left of the budget of today'],
}

/** A call that waits, and what else is said of it. */
export function waitingCall(
  more: Partial<FoundCall> & { readonly recordParts?: Partial<ApprovalRecord> } = {},
): FoundCall {
  const { recordParts, preview = plainPreview, ...parts } = more
  const hash = 'a'.repeat(64)
  const record: ApprovalRecord = {
    ...newRecord(
      {
        server: '00000000-0000-4000-8000-000000000000',
        account: 'quays_ab1',
        platform: 'EU1',
        caller: 'stdio',
        tool: 'car_execute_script',
        effect: 'execute',
        arguments: hash,
        preview: hashOfJson(sealedFacts(preview.facts)),
      },
      askedAt,
    ),
    id: '0'.repeat(32),
    ...recordParts,
  }
  return {
    code: 'ABCD-EFGH',
    digest: digestOf(record),
    record,
    preview,
    waiters: [],
    ways: ['client', 'page', 'terminal'],
    at: askedAt,
    state: 'pending',
    ...parts,
  }
}

/** Calls in memory. */
export function memoryStore(...calls: readonly FoundCall[]): CallStore & { readonly all: FoundCall[] } {
  const all = [...calls]
  const settle = (digest: string, change: Partial<FoundCall>): boolean => {
    const at = all.findIndex((call) => call.digest === digest && call.state === 'pending')
    const call = all[at]
    if (call) all[at] = { ...call, ...change }
    return call !== undefined
  }
  return {
    all,
    find: (code) => all.find((call) => call.code === code.toUpperCase()),
    list: () => all,
    approve: (digest, approval) => settle(digest, { state: 'approved', approval, at: approval.at }),
    decline: (digest, declined) => settle(digest, { state: 'declined', declined }),
  }
}
