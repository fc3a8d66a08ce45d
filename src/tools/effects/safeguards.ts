import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { Redact } from '../../shared/secrets.ts'
import { Seals } from './approval/request-state.ts'
import { AuditLog } from './audit-log.ts'

/** How long a person may take to answer (design 7). */
const patienceSeconds = 600

/** What protects effects: approval states, pending calls and the audit log. One for the whole process. */
export interface Safeguards {
  readonly seals: Seals
  readonly patienceMs: number
  /** The folder of the calls that wait for approval in a terminal. */
  readonly stateDir: string
  readonly audit: AuditLog | undefined
}

/** The folder of the calls that wait for `qualys-mcp approve`. */
export function stateDirOf({ stateDir }: Settings): string {
  return stateDir ?? join(homedir(), '.local', 'state', 'qualys-mcp')
}

/** The safeguards for these settings. */
export function safeguardsOf(settings: Settings, redact: Redact, patience = patienceSeconds): Safeguards {
  const { auditFile } = settings
  return {
    seals: new Seals(patience),
    patienceMs: patience * 1000,
    stateDir: stateDirOf(settings),
    audit: auditFile === undefined ? undefined : new AuditLog(auditFile, redact),
  }
}
