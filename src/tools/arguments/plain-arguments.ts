import { isObject, parseJson } from '../../shared/json.ts'

// Arguments as hosts and models write them, made plain before they are validated. Only what can mean one thing
// is changed. Everything else stays as it is, so that the validation names it.

type Json = Readonly<Record<string, unknown>>

/**
 * Members that hosts add to the arguments of every call. They are dropped where the tool has no argument of
 * that name.
 */
const hostMembers: ReadonlySet<string> = new Set([
  // n8n: https://github.com/n8n-io/n8n/issues/21500, /21716, /35067
  ...['toolCallId', 'tool', 'sessionId', 'action', 'chatInput'],
  // CrewAI: https://github.com/crewAIInc/crewAI/issues/4796
  'security_context',
])

/** The place of an empty value that cannot be sent, and the advice of the input, if it has its own. */
export interface Emptied {
  readonly path: readonly PropertyKey[]
  readonly advice: string | undefined
}

/** The arguments, and what in them cannot be emptied. */
export interface PlainArguments {
  readonly value: unknown
  readonly emptied: readonly Emptied[]
}

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

/** True for an empty value that is a value: a text, or a list where a list is asked for. */
const isEmptiable = ({ emptiable, type }: Json, value: unknown): boolean =>
  emptiable === true && (type !== 'array' || Array.isArray(value))

/** A decimal number as people write it: no exponent, no leading zero, no separators. */
const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

function toNumber(value: unknown, isWhole: boolean): unknown {
  const text = typeof value === 'string' ? value.trim() : ''
  const number = Number(text)
  // A number that JavaScript cannot hold is another one.
  const isSafe = Math.abs(number) < 2 ** 53 && !(isWhole && text.includes('.'))
  return plainNumber.test(text) && isSafe ? number : value
}

function toBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return word === 'true' ? true : word === 'false' ? false : value
}

/** A decimal of more digits may be another number than the one that was written. */
const exactDigits = 15

/** True for a number whose text has the digits that were written, and no exponent. */
function isPlainDecimal(value: number): boolean {
  if (Number.isSafeInteger(value)) return true
  const text = String(value)
  return plainNumber.test(text) && text.replace(/^-?0\.0*|\D/g, '').length <= exactDigits
}

function toText(value: unknown, words: unknown): unknown {
  if (typeof value === 'boolean' || (typeof value === 'number' && isPlainDecimal(value))) return String(value)
  if (typeof value !== 'string' || !Array.isArray(words) || words.includes(value)) return value
  const isMeant = (word: unknown): boolean => String(word).toLowerCase() === value.trim().toLowerCase()
  const meant = words.filter(isMeant)
  return meant.length === 1 ? meant[0] : value
}

/** What separates values in a text that may stand for a list. */
export const separator = /[,;\n]/

/** JSON text, or one value for a list of one. A text with separators may mean several values, or one. */
function toList(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return [value]
  const parsed = typeof value === 'string' ? parseJson(value) : value
  if (Array.isArray(parsed)) return parsed
  // An empty object is no value, so that there is no list of it.
  if (isObject(parsed)) return isEmpty(parsed) ? parsed : [parsed]
  if (typeof value !== 'string') return value
  return separator.test(value) || /^\s*[[{]|^\s*$/.test(value) ? value : [value]
}

function toObject(value: unknown): unknown {
  const parsed = typeof value === 'string' ? parseJson(value) : undefined
  return isObject(parsed) ? parsed : value
}

function plainOf(value: unknown, schema: Json): unknown {
  if (schema['takesText'] === true && typeof value !== 'object') return toText(value, undefined)
  switch (schema['type']) {
    case 'string':
      return toText(value, schema['enum'])
    case 'integer':
    case 'number':
      return toNumber(value, schema['type'] === 'integer')
    case 'boolean':
      return toBoolean(value)
    case 'array':
      return toList(value)
    case 'object':
      return toObject(value)
    default:
      return value
  }
}

const schemaIn = (schema: Json, name: string): Json => (isObject(schema[name]) ? schema[name] : {})

const maxDepth = 40

/** One run over the arguments of a call. */
class Reader {
  readonly #keepsStored: boolean
  readonly emptied: Emptied[] = []

  constructor(keepsStored: boolean) {
    this.#keepsStored = keepsStored
  }

  /** `isPart`: inside a list or an object that is sent as a whole, where what is left out is not kept. */
  read(value: unknown, schema: Json, path: readonly PropertyKey[], isPart: boolean): unknown {
    // No input is nested as deeply, and the stack ends somewhere.
    if (path.length > maxDepth) return value
    const plain = plainOf(value, schema)
    if (Array.isArray(plain))
      return plain.map((item, index) => this.read(item, schemaIn(schema, 'items'), [...path, index], true))
    if (!isObject(plain)) return plain
    return this.#readMembers(plain, schema, path, isPart || schema['sentWhole'] === true)
  }

  #readMembers(object: Json, schema: Json, path: readonly PropertyKey[], isPart: boolean): Json {
    const properties = schemaIn(schema, 'properties')
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    const members = Object.entries(object).flatMap(([name, given]) => {
      const isKnown = Object.hasOwn(properties, name)
      // A null is what some clients write for an argument that is not given.
      if (given === null || (path.length === 0 && !isKnown && hostMembers.has(name))) return []
      const own = isKnown ? schemaIn(properties, name) : {}
      const value = this.read(given, own, [...path, name], isPart)
      if (!isKnown || required.includes(name) || !isEmpty(value) || isEmptiable(own, value))
        return [[name, value] as const]
      if (!this.#keepsStored || isPart) return []
      const { whenEmpty } = own
      this.emptied.push({
        path: [...path, name],
        advice: typeof whenEmpty === 'string' ? whenEmpty : undefined,
      })
      return [[name, value] as const]
    })
    return Object.fromEntries(members)
  }
}

/**
 * Makes the arguments of a tool plain. `schema` is the JSON Schema of the tool's input. `keepsStored`: the call
 * changes an object of which it keeps what is left out, so that an empty value may be meant to empty it.
 */
export function plainArguments(args: unknown, schema: Json, keepsStored: boolean): PlainArguments {
  const reader = new Reader(keepsStored)
  const value = reader.read(args ?? {}, schema, [], false)
  return { value, emptied: reader.emptied }
}
