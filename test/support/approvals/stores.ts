import type { ApprovalRecord, ApprovalSubject } from '../../../src/tools/approvals.ts'
import type { FoundCall, StoredCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import {
  Records,
  recordOf,
  recordOutcome,
  sameCalls,
  useUp,
} from '../../../src/tools/effects/approval/records.ts'
import type { Safeguards } from '../../../src/tools/tool.ts'

type Store = Pick<Safeguards, 'stateDir' | 'approvals'>
type Call = Pick<StoredCall, 'digest' | 'record' | 'preview'>

/** What one process does with records: in its memory, and in a state folder. */
export interface RecordKeeper {
  readonly records: Records
  readonly store: Store
  readonly recordOf: (subject: ApprovalSubject) => ApprovalRecord
  readonly waiting: (subject: ApprovalSubject) => FoundCall[]
  readonly use: (call: Call) => boolean
  readonly recordOutcome: (call: Call, outcome: string) => void
}

/** A process that has just been started. */
export function recordKeeper(stateDir: string): RecordKeeper {
  const records = new Records()
  const store = { stateDir, approvals: { records } } as unknown as Store
  return {
    records,
    store,
    recordOf: (subject) => recordOf(subject, store),
    waiting: (subject) => sameCalls(subject, store),
    use: (call) => useUp(call, store),
    recordOutcome: (call, outcome) => recordOutcome(call, store, outcome),
  }
}
