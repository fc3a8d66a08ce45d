import { getScript } from '../../../../operations/car/scripts.ts'
import { StoredText } from '../../../../operations/stored-text.ts'
import { sha256 } from '../../../../shared/sha256.ts'
import type { ToolContext } from '../../../tool.ts'
import { readRecord } from '../../targets/lookup.ts'
import { limitError } from './limit-error.ts'

/** Undefined if Qualys shows no content of this script. */
async function hashScriptContent(context: ToolContext, scriptId: string): Promise<string | undefined> {
  const record = await readRecord(context, getScript, { scriptId })
  const content = record && String(record['id']) === scriptId ? record['content'] : undefined
  return content instanceof StoredText ? sha256(content.bytes) : undefined
}

/**
 * Throws unless every script is allowed and, if pinned, has the pinned content. Tools cannot change an
 * allowed script.
 */
export async function checkScripts(
  scripts: readonly string[],
  changesScript: boolean,
  context: ToolContext,
): Promise<void> {
  const { allowedScripts } = context.configuration.settings
  if (!allowedScripts) return
  for (const id of scripts) {
    if (changesScript) {
      if (allowedScripts.has(id))
        throw limitError(
          `script ${id} is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change`,
          'QUALYS_ALLOWED_SCRIPTS',
        )
      continue
    }
    if (!allowedScripts.has(id))
      throw limitError(`script ${id} is not one of QUALYS_ALLOWED_SCRIPTS`, 'QUALYS_ALLOWED_SCRIPTS')
    const pin = allowedScripts.get(id)
    if (pin !== undefined && (await hashScriptContent(context, id)) !== pin)
      throw limitError(
        `script ${id} does not have the content that QUALYS_ALLOWED_SCRIPTS pins`,
        'QUALYS_ALLOWED_SCRIPTS',
      )
  }
}
