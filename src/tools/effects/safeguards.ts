import type { Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Safeguards } from '../tool.ts'
import { Seals } from './approval/request-state.ts'
import { AuditLog } from './audit-log.ts'

/** How long a person may take to answer (design 7). */
const patienceSeconds = 600

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
