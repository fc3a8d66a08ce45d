import { getScript } from '../../../../operations/car/scripts.ts'
import { StoredText } from '../../../../operations/stored-text.ts'
import { sha256 } from '../../../../shared/crypto.ts'
import type { ToolContext } from '../../../tool.ts'
import type { CarTargets } from '../../targets/car-targets.ts'
import { readRecord } from '../../targets/lookup.ts'
import { limitError } from './limit-error.ts'
import { comparableId, inWords } from './names.ts'

/** The SHA-256 of a script's content; undefined if Qualys shows no content of this script. */
export async function hashScriptContent(context: ToolContext, scriptId: string): Promise<string | undefined> {
  const record = await readRecord(context, getScript, { scriptId })
  const content = record && String(record['id']) === scriptId ? record['content'] : undefined
  return content instanceof StoredText ? sha256(content.bytes) : undefined
}

/** A script by its title, where that was looked up. */
export function scriptInWords(id: string, { scripts }: CarTargets, { session }: ToolContext): string[] {
  const row = scripts.find((script) => script.id === id)?.row
  return inWords('script', { id, name: String(row?.['title'] ?? row?.['name'] ?? '') }, session.redact)
}

/** Throws unless every script may run: not blocked, allowed and, if pinned, with the pinned content. */
export async function checkScriptsToRun(
  scripts: readonly string[],
  targets: CarTargets,
  context: ToolContext,
): Promise<void> {
  const { allowedScripts, blockedScripts } = context.configuration.settings
  for (const shownId of scripts) {
    const id = comparableId(shownId)
    const refuse = (why: string, setting: string) =>
      limitError(`script ${id} ${why}`, setting, scriptInWords(shownId, targets, context))
    if (blockedScripts?.has(id))
      throw refuse('is one of QUALYS_BLOCKED_SCRIPTS, which never run', 'QUALYS_BLOCKED_SCRIPTS')
    if (!allowedScripts) continue
    if (!allowedScripts.has(id))
      throw refuse('is not one of QUALYS_ALLOWED_SCRIPTS', 'QUALYS_ALLOWED_SCRIPTS')
    const pin = allowedScripts.get(id)
    if (pin !== undefined && (await hashScriptContent(context, id)) !== pin)
      throw refuse('does not have the content that QUALYS_ALLOWED_SCRIPTS pins', 'QUALYS_ALLOWED_SCRIPTS')
  }
}

/** Throws if a script is one that tools cannot change. */
export function checkScriptsToChange(
  scripts: readonly string[],
  targets: CarTargets,
  context: ToolContext,
): void {
  const { allowedScripts } = context.configuration.settings
  for (const id of scripts)
    if (allowedScripts?.has(comparableId(id)))
      throw limitError(
        `script ${id} is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change`,
        'QUALYS_ALLOWED_SCRIPTS',
        scriptInWords(id, targets, context),
      )
}

/** Throws if a script may not be copied: its copy would have an id that the setting does not name. */
export function checkScriptsToCopy(
  scripts: readonly string[],
  targets: CarTargets,
  context: ToolContext,
): void {
  const { blockedScripts, allowedParameters } = context.configuration.settings
  for (const id of scripts) {
    const about = scriptInWords(id, targets, context)
    if (blockedScripts?.has(comparableId(id)))
      throw limitError(
        `script ${id} is one of QUALYS_BLOCKED_SCRIPTS, and a copy could run`,
        'QUALYS_BLOCKED_SCRIPTS',
        about,
      )
    if (allowedParameters?.has(comparableId(id)))
      throw limitError(
        `QUALYS_ALLOWED_PARAMETERS holds for script ${id}, and not for a copy of it`,
        'QUALYS_ALLOWED_PARAMETERS',
        about,
      )
  }
}
