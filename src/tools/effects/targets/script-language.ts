import { listScriptLanguages } from '../../../operations/car/scripts.ts'
import type { Row } from '../../../session/answer.ts'
import { isId, isObject } from '../../../shared/json.ts'
import { type LookupContext, tryLookUp } from './lookup.ts'

/** The language of a script, as far as Qualys shows it. */
export interface ScriptLanguage {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly platform?: string | undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The language that a record of a script shows. No page shows one: these are the names of the other calls. */
export function languageOf(row: Row | undefined): ScriptLanguage {
  const { language, languageId, languageName, scriptType, platform } = row ?? {}
  const { id, name } = isObject(language) ? language : { id: undefined, name: language }
  const known = [languageId, id].find(isId)
  return {
    id: known === undefined ? undefined : String(known),
    name: textOf(languageName) ?? textOf(name) ?? textOf(scriptType),
    platform: textOf(platform)?.toUpperCase(),
  }
}

/** A language by its id: its name and its platform, if the list of languages can be read. */
export async function findLanguage(context: LookupContext, id: string): Promise<ScriptLanguage> {
  const rows = await tryLookUp(context, () =>
    context.session.find(listScriptLanguages, [id], { signal: context.signal }),
  )
  return { ...languageOf(rows?.get(id)), name: textOf(rows?.get(id)?.['name']), id }
}
