import { z } from 'zod'
import { isObject } from '../../shared/json.ts'
import { escapeInvisible, oneLine } from '../../shared/safe-text.ts'
import { errorMessage } from '../schema.ts'
import type { Tool } from '../tool.ts'
import { plainArguments, separator } from './plain-arguments.ts'

type Json = Readonly<Record<string, unknown>>
type Path = readonly PropertyKey[]

/** What a tool takes. */
export interface ArgumentRules {
  readonly input: z.ZodRawShape
  readonly keepsStored?: Tool['keepsStored']
}

interface Found {
  /** The value at the path, or the scalar in which the path ends too early. */
  readonly value: unknown
  readonly schema: Json
  readonly path: Path
  readonly isMissing: boolean
}

/** Follows a path as far as there are members. A schema that makes a list of one value has a longer path. */
function find(value: unknown, schema: Json, [step, ...rest]: Path, path: Path = []): Found {
  const isInside = typeof value === 'object' && value !== null
  if (step === undefined || !isInside) return { value, schema, path, isMissing: false }
  const { items, properties } = schema
  const member = isObject(properties) ? properties[String(step)] : items
  const inner = isObject(member) ? member : {}
  if (!Object.hasOwn(value, step))
    return { value: undefined, schema: inner, path: [...path, step], isMissing: true }
  return find((value as Record<PropertyKey, unknown>)[step], inner, rest, [...path, step])
}

/** The value with another one at a path. */
function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? replaced(item, rest, by) : item))
  return isObject(value) ? { ...value, [step]: replaced(value[String(step)], rest, by) } : value
}

/** Longer than any message with its quotation. */
const maxMessage = 800

/** A number that has lost digits already. */
const isBeyondDigits = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) >= 2 ** 53

/** A number as people write it: without an exponent, and without digits that only arithmetic left (0.1 + 0.2). */
function decimalOf(value: number): string {
  const digits = { useGrouping: false, maximumFractionDigits: 100, maximumSignificantDigits: 15 } as const
  return value.toLocaleString('en', digits)
}

/** The right form of what was written, if it can be told. */
function meantForm(value: unknown, { type }: Json): unknown {
  if (type === 'string' && typeof value === 'number') return decimalOf(value)
  if (type !== 'array' || typeof value !== 'string' || !separator.test(value) || /^\s*[[{]/.test(value))
    return undefined
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** What is said of an empty value: the advice of the input, or that of the tool. */
const emptyMessage = (advice: string | undefined): string =>
  advice === undefined
    ? 'is empty, and cannot be emptied here; leave it out to keep what is stored'
    : `is empty; ${advice}`

const startsWith = (path: Path, start: Path): boolean => start.every((step, at) => step === path[at])

/** The arguments as the schema has them, or all that is wrong with them. */
type Checked =
  | {
      readonly value: Json
      readonly emptied?: undefined
      readonly invalid?: undefined
      readonly explain?: undefined
    }
  | {
      /** Empty values where nothing can be emptied. */
      readonly emptied: readonly Issue[]
      readonly invalid: readonly z.core.$ZodIssue[]
      /** What is said of an issue, with what was written in mind. */
      readonly explain: (issue: z.core.$ZodIssue) => string
      readonly value?: undefined
    }

interface Issue {
  readonly path: Path
  readonly message: string
}

/** Checks arguments against the inputs of a tool. */
export function validatorOf({ input, keepsStored }: ArgumentRules): (args: unknown) => Checked {
  const schema = z.strictObject(input)
  const json = z.toJSONSchema(schema, { io: 'input' })
  const issuesOf = (value: unknown) => schema.safeParse(value, { error: errorMessage }).error?.issues ?? []

  function explain(args: unknown, { path, message }: z.core.$ZodIssue): string {
    const found = find(args, json, path)
    if (found.isMissing) return `${message}; it is missing`
    if (found.schema['type'] === 'string' && isBeyondDigits(found.value))
      return `${message}; write it as text, with all its digits`
    const form = meantForm(found.value, found.schema)
    const isTaken = (): boolean =>
      !issuesOf(replaced(args, found.path, form)).some((issue) => startsWith(issue.path, found.path))
    return form === undefined || !isTaken()
      ? message
      : `${message}; write ${oneLine(JSON.stringify(form), 120)}`
  }

  return (args) => {
    const { value, emptied } = plainArguments(args, json, keepsStored !== undefined)
    const { data, error } = schema.safeParse(value, { error: errorMessage })
    if (!error && emptied.length === 0) return { value: data }
    return {
      emptied: emptied.map(({ path, advice }) => ({ path, message: emptyMessage(advice) })),
      invalid: (error?.issues ?? []).filter(
        ({ path }) => !emptied.some((empty) => startsWith(path, empty.path)),
      ),
      // Some quote what was written.
      explain: (issue) => oneLine(escapeInvisible(explain(value, issue)), maxMessage),
    }
  }
}
