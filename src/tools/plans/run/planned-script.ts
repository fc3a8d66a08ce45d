import { codeIn, contentsIn } from '../../../operations/car/script-filters/exported-code.ts'
import { exportScripts, getScript } from '../../../operations/car/scripts.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import type { Row } from '../../../session/answer.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { SetupError } from '../../../shared/errors.ts'
import { parseJson } from '../../../shared/json.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { linesOf } from '../../effects/preview/content/lines.ts'
import { readRecord } from '../../effects/targets/lookup.ts'
import type { ToolContext } from '../../tool.ts'
import type { PlannedScript } from '../plan.ts'

/** A script as it is stored now. */
export interface StoredScript {
  readonly id: string
  readonly title: string
  /** Absent if Qualys shows no content. */
  readonly sha256?: string
  readonly lineCount: number
  /** Such as APPROVED; absent if its record shows none. */
  readonly status?: string
}

/** Statuses of an answer that say that a path does not exist. */
const noPath: readonly unknown[] = [404, 405, 410]

/** The content of a script as an export shows it: the path of its record is a guess, that of the export is documented. */
async function exportedContent(
  id: string,
  { session, signal }: ToolContext,
): Promise<StoredText | undefined> {
  const answer = await session.call(exportScripts, { ids: [id] }, { signal })
  if (answer.kind !== 'file') return undefined
  const content = contentsIn(parseJson(answer.bytes.toString('utf8')), [id]).get(id)
  return content === undefined || codeIn(content) === undefined
    ? undefined
    : new StoredText(Buffer.from(content, 'base64'))
}

/** What Qualys shows of a script, in its record or in an export. */
async function readScript(id: string, context: ToolContext) {
  try {
    return (await readRecord(context, getScript, { scriptId: id })) ?? {}
  } catch (error) {
    if (!(error instanceof SetupError) || !noPath.includes(error.details.status)) throw error
    const content = await exportedContent(id, context)
    return content ? { content } : {}
  }
}

/** Reads a script. Throws an InputError if there is none. */
export async function readStoredScript(id: string, context: ToolContext): Promise<StoredScript> {
  const { title, status, content }: Row = await readScript(id, context)
  return {
    id,
    title: context.session.redact(oneLine(String(title ?? ''), 200)),
    lineCount: content instanceof StoredText ? linesOf(content.text).length : 0,
    ...(content instanceof StoredText && { sha256: sha256(content.bytes) }),
    ...(typeof status === 'string' && { status }),
  }
}

/** True if Qualys says that the script may not run. A record without a status says nothing. */
export const isUnapproved = ({ status }: StoredScript): boolean =>
  status !== undefined && status.toUpperCase() !== 'APPROVED'

/** The script as a plan seals it; undefined if its content is not shown. */
export const plannedScript = ({ id, title, sha256 }: StoredScript): PlannedScript | undefined =>
  sha256 === undefined ? undefined : { id, title, sha256 }
