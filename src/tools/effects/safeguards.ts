import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Redact } from '../../secrets.ts'
import type { Settings } from '../../settings.ts'
import { AuditLog } from './audit-log.ts'
import { Seals } from './seals.ts'

/** How long a person may take to answer (design 7). */
const patienceSeconds = 600

/** What stands between a call and its effect; one for the whole process. */
export interface Safeguards {
  readonly seals: Seals
  readonly patienceMs: number
  /** Where calls wait that a person approves in a terminal. */
  readonly stateDir: string
  readonly audit: AuditLog | undefined
}

/** The folder of calls that wait for `qualys-mcp approve`. */
export function stateDirOf({ stateDir }: Settings): string {
  return stateDir ?? join(homedir(), '.local', 'state', 'qualys-mcp')
}

/** The safeguards that the settings ask for. */
export function safeguardsOf(settings: Settings, redact: Redact, patience = patienceSeconds): Safeguards {
  const { auditFile } = settings
  return {
    seals: new Seals(patience),
    patienceMs: patience * 1000,
    stateDir: stateDirOf(settings),
    audit: auditFile === undefined ? undefined : new AuditLog(auditFile, redact),
  }
}
