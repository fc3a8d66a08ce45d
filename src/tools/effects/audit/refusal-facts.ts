import type { Input } from '../../../operations/operation.ts'
import type { QualysError } from '../../../shared/errors.ts'
import { LimitError } from '../policy/limits/limit-error.ts'

/** Why a call was not sent: the kind of error, its sentence, and the setting of the limit that forbids it. */
export const refusalFacts = (error: QualysError): Input => ({
  kind: error.kind,
  why: error.message,
  ...(error instanceof LimitError && { limit: error.setting }),
})
