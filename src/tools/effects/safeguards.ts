import type { Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Safeguards } from '../tool.ts'
import { RequestStateIssuer } from './approval/request-state.ts'
import { AuditLog } from './audit/audit-log.ts'

/** How long a person may take to answer (design 7). */
const answerTimeoutSeconds = 600

/** The safeguards for these settings. */
export function safeguardsOf(
  settings: Settings,
  redact: Redact,
  answerTimeout = answerTimeoutSeconds,
): Safeguards {
  const { auditFile } = settings
  return {
    requestStates: new RequestStateIssuer(answerTimeout),
    answerTimeoutMs: answerTimeout * 1000,
    stateDir: stateDirOf(settings),
    audit: auditFile === undefined ? undefined : new AuditLog(auditFile, redact),
  }
}
