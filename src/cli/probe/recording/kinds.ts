import { isObject } from '../../../shared/json.ts'

/** The kinds of values, each with a made-up example. */
export const examples = {
  null: null,
  boolean: true,
  'zero or one': 1,
  'whole number': 7,
  number: 7.5,
  'epoch milliseconds': 1_600_000_000_000,
  'empty text': '',
  'boolean text': 'true',
  'numeric text': '7',
  'epoch milliseconds as text': '1600000000000',
  UUID: '00000000-0000-4000-8000-000000000000',
  'ISO time, Z': '2020-09-13T12:26:40Z',
  'ISO time, +00:00': '2020-09-13T12:26:40.000+00:00',
  'ISO time, +0000': '2020-09-13T12:26:40.000+0000',
  'ISO time, no zone': '2020-09-13T12:26:40',
  date: '2020-09-13',
  'base64 text': 'dGV4dA==',
  'EXECUTION PASSED': 'EXECUTION PASSED',
  MANIFEST_PARSE_SUCCESS: 'MANIFEST_PARSE_SUCCESS',
  text: 'some text',
  object: {},
  list: [],
} as const

export type Kind = keyof typeof examples

export const kinds = Object.keys(examples) as Kind[]

/** The two states of a host that public code names (operations/car/outcomes.ts) are kinds of their own. */
const textPatterns: readonly (readonly [Kind, RegExp])[] = [
  ['EXECUTION PASSED', /^EXECUTION[ _]PASSED$/i],
  ['MANIFEST_PARSE_SUCCESS', /^MANIFEST_PARSE_SUCCESS$/i],
  ['ISO time, Z', /^\d{4}-\d\d-\d\dT[\d:.]{5,15}Z$/],
  ['ISO time, +00:00', /^\d{4}-\d\d-\d\dT[\d:.]{5,15}[+-]\d\d:\d\d$/],
  ['ISO time, +0000', /^\d{4}-\d\d-\d\dT[\d:.]{5,15}[+-]\d{4}$/],
  ['ISO time, no zone', /^\d{4}-\d\d-\d\dT[\d:.]{5,15}$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['UUID', /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i],
]

/** True for milliseconds since 1970 between 2001 and 2065. */
const isEpoch = (number: number): boolean => number >= 1e12 && number < 3e12

/** A short word can be valid base64 by chance, but then its decoded text is hardly ever readable. */
function isBase64(text: string): boolean {
  const compact = text.replace(/\s/g, '')
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return false
  return (
    compact.length > 64 || /^[\t\n\r\u0020-\u007e]+$/.test(Buffer.from(compact, 'base64').toString('latin1'))
  )
}

function kindOfText(text: string): Kind {
  if (text === '') return 'empty text'
  if (/^(?:true|false)$/i.test(text)) return 'boolean text'
  if (/^-?\d{1,30}$/.test(text)) {
    return text.length === 13 && isEpoch(Number(text)) ? 'epoch milliseconds as text' : 'numeric text'
  }
  const match = text.length <= 40 ? textPatterns.find(([, pattern]) => pattern.test(text)) : undefined
  return match?.[0] ?? (isBase64(text) ? 'base64 text' : 'text')
}

/** The kind of a value. */
export function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return kindOfText(value)
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'bigint') return 'whole number'
  if (typeof value === 'number') {
    if (value === 0 || value === 1) return 'zero or one'
    if (!Number.isInteger(value)) return 'number'
    return isEpoch(value) ? 'epoch milliseconds' : 'whole number'
  }
  if (Array.isArray(value)) return 'list'
  return isObject(value) ? 'object' : 'null'
}
