import { getVersion } from '../../../operations/saq/version.ts'
import type { Session } from '../../../session/session.ts'
import { SetupError } from '../../../shared/errors.ts'
import { oneLine } from '../../../shared/safe-text.ts'

/**
 * The version of SAQ that the portal reports: "QUESTIONNAIRE-VERSION = SAQ enabled" (qualys-platform.md 7.1).
 */
export async function saqVersion(session: Session, signal?: AbortSignal): Promise<string> {
  const answer = await session.call(getVersion, {}, { signal })
  const record = answer.kind === 'record' ? answer.record : {}
  // Live traffic has shown QUESTIONNAIRE__V2-VERSION as well.
  const otherName = Object.keys(record).find((name) => /^QUESTIONNAIRE.*-VERSION$/.test(name))
  const version = record['QUESTIONNAIRE-VERSION'] ?? (otherName === undefined ? undefined : record[otherName])
  if (version !== undefined) return oneLine(session.redact(String(version)), 80)
  throw new SetupError(
    'The portal lets us in, but names no QUESTIONNAIRE-VERSION.',
    'SAQ may not be in this subscription: ask the operator.',
  )
}
