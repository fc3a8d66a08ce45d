import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { isText, text } from '../../fields.ts'
import type { Resolved, SecretUse } from '../../operation.ts'

/**
 * The name of a secret that the operator keeps in QUALYS_SECRET_<NAME>. The value is not an input of any
 * tool.
 */
export const secretName = z.string({ error: 'must be the name of a secret' }).regex(/^[A-Za-z][\w-]{0,63}$/, {
  error: 'must be the name of a secret (letters, digits, hyphens) that the operator set, never its value',
})

/** The parameters of a script, in the order in which the script receives them. */
export const parameters = z
  .array(
    z
      .strictObject({
        key: text(256),
        value: z
          .string({ error: 'must be text' })
          .max(8_000, { error: 'must be at most 8,000 characters' })
          .refine(isText, { error: 'must be text, not bytes' })
          // An empty value is a value: the parameter stays in its place.
          .meta({ emptiable: true })
          .optional(),
        secret: secretName.describe('its name, instead of value').optional(),
      })
      .refine(({ value, secret }) => (value === undefined) !== (secret === undefined), {
        error: 'needs either value or secret',
      }),
    { error: 'must be a list such as [{"key":"path","value":"C:\\\\"}]' },
  )
  .max(50, { error: 'must hold at most 50 parameters' })
  .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, {
    error: 'names a key twice; name each once',
  })

/** One parameter of a script: its value, or the name of the secret that holds it. */
export type Parameter = z.output<typeof parameters>[number]

/** Plain text to base64: the wire format of content and parameters. */
export const base64 = (plain: string): string => Buffer.from(plain, 'utf8').toString('base64')

/** `params.key` and `params.value` are both base64 (release_2_4_1_api.htm). */
export function wireParameters(list: readonly Parameter[] | undefined, { secret }: Resolved) {
  return list?.map(({ key, value, secret: name }) => ({
    key: base64(key),
    value: base64(name === undefined ? (value ?? '') : secret(name)),
  }))
}

/** The secrets that the parameters of a script name; `script` is undefined for one that is new. */
export function secretsOf(script: string | undefined, list: readonly Parameter[] | undefined): SecretUse[] {
  return (list ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [{ name: secret, script }]))
}

/**
 * Parameters reach a script by position, and some versions of CAR leave an empty one out: public code of third
 * parties (netsecops-76/Public-Security-Resources, Qualys-CAR-Scripts, docs/CAR_PARAMETERS.md), no page of
 * Qualys. The value of a secret is never empty.
 */
export function parameterWarnings(...lists: readonly (readonly Parameter[] | undefined)[]): string[] {
  const isEmpty = ({ value, secret }: Parameter): boolean =>
    secret === undefined && (value ?? '').trim() === ''
  const mayShift = (list: readonly Parameter[] = []): boolean =>
    list.findIndex(isEmpty) !== -1 && list.findIndex(isEmpty) < list.findLastIndex((one) => !isEmpty(one))
  return lists.some(mayShift)
    ? [
        'An empty parameter stands before one with a value: some versions of CAR leave it out, and the later values then reach the script one place too early.',
      ]
    : []
}

/** The text that is base64 in exactly this spelling; undefined for any other text. */
function decoded(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = Buffer.from(value, 'base64')
  const plain = bytes.toString('utf8')
  return bytes.toString('base64') === value && isUtf8(bytes) && isText(plain) ? plain : undefined
}

/** Signs and words that stand for a value which is not shown. */
const coverMark =
  /^([^\p{L}\p{N}\s])\1{2,}$|^[*•●]{2,}$|^x{3,}$|\b(?:masked|redacted)\b|^\W*(?:value\s+)?(?:is\s+)?(?:hidden|encrypted|protected|censored|confidential|sensitive|secret|not shown)\W*$/iu

/** Fields of a parameter that call it a secret. */
const secretMark = /secret|secure|sensitiv|encrypt|mask|hidden|protected|password/i

const isOff = (value: unknown): boolean =>
  [undefined, null, '', false, 0].some((off) => off === value) || /^(?:false|no|0)$/i.test(String(value))

/** True if a field beside key and value says that the value is a secret, or its kind is one. */
const isMarkedSecret = (fields: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).some(
    ([name, value]) => (secretMark.test(name) && !isOff(value)) || secretMark.test(String(value)),
  )

/**
 * The parameters that a schedule stores for a script; undefined if one is not shown. No page shows a
 * stored parameter: only what is base64 as the wire has it is taken for its value.
 */
export function decodedParameters(list: unknown): Parameter[] | undefined {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) return undefined
  const parameters = list.map((part: unknown): Parameter | undefined => {
    const { key, value, ...others } = (typeof part === 'object' && part !== null ? part : {}) as Record<
      string,
      unknown
    >
    const [name, text] = [decoded(key), decoded(value)]
    return name === undefined ||
      name === '' ||
      text === undefined ||
      coverMark.test(text) ||
      isMarkedSecret(others)
      ? undefined
      : { key: name, value: text }
  })
  const found = parameters.filter((one) => one !== undefined)
  return found.length === parameters.length ? found : undefined
}

/** The same, to be sent back: an empty value may be one that is not shown. */
export function sendableParameters(list: unknown): Parameter[] | undefined {
  const parameters = decodedParameters(list)
  return parameters?.every(({ value }) => value !== '') ? parameters : undefined
}

/** The parameter keys that a script gets. */
export function keysOf(script: string, list: readonly Parameter[] | undefined) {
  return { script, keys: (list ?? []).map(({ key }) => key) }
}
