import { getVersion } from '../../operations/saq/version.ts'
import type { Session } from '../../session/session.ts'
import { oneLine } from '../../session/untrusted.ts'

/** The version of SAQ that the portal tells: "QUESTIONNAIRE-VERSION = SAQ enabled" (qualys-platform.md 7.1). */
export async function saqVersion(session: Session, signal?: AbortSignal): Promise<string> {
  const answer = await session.call(getVersion, {}, { signal })
  const record = answer.kind === 'record' ? answer.record : {}
  const [, version] = Object.entries(record).find(([name]) => /^QUESTIONNAIRE.*-VERSION$/.test(name)) ?? []
  return version === undefined
    ? 'the portal answers, but names no QUESTIONNAIRE-VERSION: SAQ may not be in this subscription'
    : oneLine(session.redact(String(version)), 80)
}
