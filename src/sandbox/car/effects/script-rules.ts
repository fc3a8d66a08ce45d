import { encodeBase64 } from '../../data/base64.ts'
import { categories, languages, scriptTypes } from '../../data/car/content/languages.ts'
import type { NamedRef, Script } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import type { Parameter } from '../../http/body-schema.ts'
import { badRequest } from '../../http/reply.ts'

/** "500 KB" (scripts.htm). */
const maxBytes = 500 * 1024

export const typeNames = scriptTypes.map(({ name }) => name)
type SubType = Script['subType']

/** Required for a custom script, fixed for the others (import_scripts.htm). */
export function subTypeOf(typeId: number, requested: SubType | undefined): SubType {
  const fixed = ({ 2: 'Detection', 3: 'Response' } as const)[typeId]
  if (fixed === undefined && requested === undefined)
    throw badRequest('subType is mandatory for a Custom Script')
  if (fixed !== undefined && requested !== undefined && requested !== fixed) {
    throw badRequest(`subType is ${fixed} for this type of script`)
  }
  return fixed ?? requested ?? 'Detection'
}

function byId<Row extends { id: number }>(rows: readonly Row[], id: number, what: string): Row {
  const row = rows.find((candidate) => candidate.id === id)
  if (!row) throw badRequest(`No ${what} has the id ${id}`)
  return row
}

export const typeOf = (id: number) => byId(scriptTypes, id, 'script type')
export const languageOf = (id: number) => byId(languages, id, 'script language')
/** The default category is General Automation. */
export const categoryOf = (id = 2): NamedRef<number> => ({ ...byId(categories, id, 'category') })

/** "Blocked commands are refused at script creation" (configuration pages). */
export function refuseContent(store: CarStore, languageId: number, content: string): void {
  const bytes = Buffer.from(content, 'base64')
  const text = bytes.toString('utf8')
  if (text.trim() === '') throw badRequest('content must not be empty')
  if (bytes.length > maxBytes) throw badRequest('content must not exceed 500 KB')
  const blocked = store.blockedCommands
    .filter((set) => set.languageId === languageId)
    .flatMap(({ commands }) => commands.map((command) => command.trim()))
    .find((command) => occursIn(text, command))
  if (blocked !== undefined) throw badRequest(`The script contains a blocked command: ${blocked}`)
}

/** True if the command occurs as a word, in any case. */
function occursIn(text: string, command: string): boolean {
  const start = /^\w/.test(command) ? '(?<![\\w-])' : ''
  const end = /\w$/.test(command) ? '(?![\\w-])' : ''
  const literal = command.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(start + literal + end, 'i').test(text)
}

/** Parameters in the form of the record. Throws if they do not fit `hasParameters`. */
export function parametersOf(
  hasParameters: boolean,
  parameters: readonly Parameter[] | undefined,
): Script['params'] {
  if (!hasParameters) {
    if (parameters !== undefined && parameters.length > 0) throw badRequest('params need hasParameters: true')
    return []
  }
  if (parameters === undefined || parameters.length === 0)
    throw badRequest('params are mandatory when hasParameters is true')
  const keys = parameters.map(({ key }) => key)
  if (keys.some((key, index) => key === '' || keys.indexOf(key) !== index)) {
    throw badRequest('Each of the params needs a key of its own')
  }
  return parameters.map(({ key, value }) => ({ key: encodeBase64(key), value: encodeBase64(value) }))
}
