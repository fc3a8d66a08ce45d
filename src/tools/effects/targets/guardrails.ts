import { searchBlockedCommands } from '../../../operations/car/guardrails.ts'
import { QualysError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'
import type { ScriptLanguage } from './script-language.ts'

/** Commands that are blocked for a language. */
interface BlockedCommands {
  readonly language: string | undefined
  readonly commands: readonly string[]
}

/** What Qualys refuses in a new script. */
export interface Guardrails {
  /** The language of the script. */
  readonly language: ScriptLanguage
  /** The blocked commands of that language, or of all if it is not known; undefined if they cannot be read. */
  readonly sets?: readonly BlockedCommands[] | undefined
  readonly isOfOneLanguage: boolean
  /** Why they are not read, as a clause. */
  readonly unread?: string
}

/** Reads the blocked commands of a language. Whether they can be read changes no call: a clause says if not. */
export async function readGuardrails(
  { session, signal, withheldTools }: ToolContext,
  language: ScriptLanguage,
): Promise<Guardrails> {
  const isOfOneLanguage = language.id !== undefined
  const base = { language, isOfOneLanguage }
  const setting = withheldTools.get(searchBlockedCommands.name)
  if (setting !== undefined) return { ...base, unread: `${setting} withholds ${searchBlockedCommands.name}` }
  try {
    const rows = await session.readWhole(searchBlockedCommands, { signal })
    const own = rows.filter(({ languageId }) => !isOfOneLanguage || String(languageId) === language.id)
    const sets = own.map(({ language: name, commands }) => ({
      language: typeof name === 'string' ? name : undefined,
      commands: Array.isArray(commands) ? commands.filter((one) => typeof one === 'string') : [],
    }))
    return { ...base, sets }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    const isDenied = error.details.status === 403
    return { ...base, unread: isDenied ? 'this account may not read them' : 'they could not be read' }
  }
}
