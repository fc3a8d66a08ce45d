import { readSettings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import { SecretsInUse } from '../../session/secrets-in-use.ts'
import type { QualysError } from '../../shared/errors.ts'
import { safeText } from '../../shared/safe-text.ts'
import { openPlanFiles } from '../../tools/plans/journal/plan-files.ts'
import type { CommandContext } from '../context.ts'

/** The state folder as a command reads it: no account is needed for that. */
export function openStateFolder({ invocation, environment, reportBy }: CommandContext) {
  const configuration = readSettings(invocation.settings, environment)
  const { settings } = configuration
  const { redact } = new SecretsInUse(settings)
  reportBy({ redact })
  const stateDir = stateDirOf(settings)
  return {
    configuration,
    stateDir,
    journals: openPlanFiles(stateDir),
    /** A text of a journal as a terminal shows it: the files may have been forged. */
    shown: (text: string): string => safeText(redact(text)),
  }
}

/** An error as one or two sentences for the operator. */
export const sentenceOf = ({ message, next }: QualysError): string => `${message} ${next}`
