import type { Operation } from '../../operations/operation.ts'
import { inSentence } from '../../operations/sentences.ts'
import { DriftError, SetupError } from '../../shared/errors.ts'
import { isObject, plainText } from '../../shared/json.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { emptyRecordError, notQualysError, unreadableBodyError } from '../failures/intermediaries.ts'
import type { Refusal, RefusalCategory } from '../failures/refusal.ts'
import { legacyCodes } from './legacy-codes.ts'
import type { Codec, Payload, Product, Success } from './product.ts'
import { asList, normalizeData } from './service-lists.ts'

/** XML, and JSON for the operations that use it. The parsers are loaded at the first use. */
async function xmlCodec(): Promise<Codec> {
  const [{ readXml, writeXml }, { startsObject, XmlBody }, { readAnswer }] = await Promise.all([
    import('./xml.ts'),
    import('./xml-body.ts'),
    import('./large/read-answer.ts'),
  ])
  return {
    contentType: 'text/xml',
    write: writeXml,
    openParser: (readEarly) => new XmlBody(readEarly),
    read: async (response, _operation, signal) => {
      const { parsed } = response
      if (parsed?.value !== undefined) return parsed.value
      const { bytes } = response
      if (startsObject(bytes)) return normalizeAnswer(await readAnswer(response, { form: 'service' }, signal))
      return parsed ? undefined : (await readXml(bytes)).value
    },
  }
}

/** A ServiceResponse in JSON, with the lists in its objects as lists, as the parser of XML makes them. */
async function normalizeAnswer(value: unknown): Promise<unknown> {
  const response = isObject(value) ? value['ServiceResponse'] : undefined
  if (!isObject(value) || !isObject(response) || !('data' in response)) return value
  const data = await normalizeData(response['data'], new Turns())
  return { ...value, ServiceResponse: { ...response, data } }
}

/** One list of the entries of some. Most answers have one list, of a thousand objects. */
const joined = (lists: readonly (readonly unknown[])[]): readonly unknown[] =>
  lists.length === 1 ? (lists[0] ?? []) : lists.flat()

/** The objects in `<data>`: one or many; by name in XML, each wrapped separately in JSON. */
function objectsIn(data: unknown): readonly unknown[] {
  return joined(asList(data).map((holder) => (isObject(holder) ? membersOf(holder) : [])))
}

/** The objects below `<data>`, perhaps with `<list>` around them. */
const membersOf = (holder: Record<string, unknown>): readonly unknown[] =>
  joined(
    Object.entries(holder).map(([name, member]) => (name === 'list' ? objectsIn(member) : asList(member))),
  )

/** The `ServiceResponse`, and its code as the pages spell it. */
function responseIn(
  value: unknown,
): { readonly response: Record<string, unknown>; readonly code: string } | undefined {
  const response = isObject(value) ? value['ServiceResponse'] : undefined
  const code = isObject(response) ? response['responseCode'] : undefined
  if (!isObject(response) || typeof code !== 'string' || code.trim() === '') return undefined
  const knownCode = code.trim().toUpperCase()
  return {
    response,
    code: knownCode === 'SUCCESS' || Object.hasOwn(serviceCodes, knownCode) ? knownCode : code,
  }
}

const hasMoreIn = (value: unknown): { hasMore?: boolean } =>
  ['true', 'false'].includes(plainText(value).toLowerCase())
    ? { hasMore: plainText(value).toLowerCase() === 'true' }
    : {}

/**
 * `ServiceResponse`: code, count, data. A search also says whether there are more rows, as a string or a
 * boolean.
 */
function unwrapService(success: Success, operation: Operation): Payload {
  const { response } = responseIn(success.value) ?? {}
  // Also for 204: "no rows" is its known meaning only in the gateway's APIs (qualys-platform.md 4.2).
  if (!response) throw unreadableBodyError(success.text, 'The answer cannot be read.')
  const objects = objectsIn(response['data'])
  // Docs of sister modules print <COUNT>.
  const count = response['count'] ?? response['COUNT']
  if (operation.returns === 'rows') {
    if (objects.length === 0 && Number(plainText(count)) > 0)
      throw new DriftError(
        `Qualys' answer to ${operation.name} counts ${inSentence(count, 40)} rows and holds none.`,
        'Call again; if it stays so, report it.',
      )
    return { rows: objects, ...hasMoreIn(response['hasMoreRecords']) }
  }
  if (operation.effect !== 'read')
    return { record: { ...(objects[0] as object), count, ...(objects.length > 1 && { all: objects }) } }
  const isOne = 'id' in operation.record.shape
  if (isOne && objects.length === 0) throw emptyRecordError(operation)
  return { record: isOne ? objects[0] : Object.assign({}, objects.length === 0 && { count }, ...objects) }
}

/**
 * Codes from recorded traffic (saq-api.md 1.5). No page lists them, so other codes are passed on as they are.
 */
export const serviceCodes: Readonly<Record<string, RefusalCategory>> = {
  INVALID_CREDENTIALS: 'login',
  UNAUTHORIZED: 'permission',
  INSUFFICIENT_PERMISSION: 'permission',
  EVALUATION_EXPIRED: 'permission',
  INVALID_REQUEST: 'input',
  OBJECT_NOT_FOUND: 'notFound',
  LIMIT_EXCEEDED: 'busy',
}

/** For an unknown code the HTTP status decides. */
const categoryIn = (
  known: Readonly<Record<string, RefusalCategory>>,
  code: string,
  status: number,
): RefusalCategory | undefined =>
  Object.hasOwn(known, code) ? known[code] : status < 300 ? 'unknown' : undefined

const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** `SIMPLE_RETURN`: how the API server itself answers, before any module (appendix_d.htm). */
function simpleIn(value: unknown): Record<string, unknown> | undefined {
  const outer = isObject(value) ? value['SIMPLE_RETURN'] : undefined
  const inner = isObject(outer) ? outer['RESPONSE'] : undefined
  return isObject(inner) ? inner : undefined
}

function simpleRefusal({ CODE: code, TEXT: text }: Record<string, unknown>, status: number): Refusal {
  // A wrong platform answers like a wrong password.
  const category = /bad login/i.test(plainText(text))
    ? 'login'
    : categoryIn(legacyCodes, plainText(code), status)
  return {
    ...(typeof text === 'string' && { message: text }),
    ...(typeof code === 'string' && { code }),
    ...(category && { category }),
    fromProduct: false,
  }
}

/**
 * "INVALID_REQUEST (also for "no results corresponding to your request")" (qualys-platform.md 4.3): an empty
 * list.
 */
function isEmptyList(operation: Operation, code: string, message: unknown): boolean {
  return (
    operation.returns === 'rows' &&
    code === 'INVALID_REQUEST' &&
    /\bno results? correspond/i.test(plainText(message))
  )
}

/** The refusal in a SAQ answer. The HTTP status is no help: most refusals come with 200. */
function serviceRefusal(value: unknown, status: number, operation: Operation): Refusal | undefined {
  const simple = simpleIn(value)
  if (simple) return simpleRefusal(simple, status)
  const { response, code } = responseIn(value) ?? {}
  if (response === undefined || code === undefined || code === 'SUCCESS')
    return status < 300 ? undefined : { fromProduct: false }
  const details = response['responseErrorDetails']
  const { errorMessage, errorResolution } = isObject(details) ? details : {}
  if (status < 300 && isEmptyList(operation, code, errorMessage)) return undefined
  const message = [nonEmptyText(errorMessage), nonEmptyText(errorResolution)]
    .filter((text) => text !== undefined)
    .join(' ')
  const category =
    code === 'INVALID_REQUEST' ? requestCategory(message) : categoryIn(serviceCodes, code, status)
  return {
    ...(message !== '' && { message }),
    code,
    ...(category && { category }),
    fromProduct: true,
  }
}

/**
 * INVALID_REQUEST has several meanings, among them a feature "not enabled" (qualys-platform.md 4.3) and "the
 * maximum number of concurrent running scans … Please wait until your previous scans have completed"
 * (saq-api.md 1.5).
 */
function requestCategory(message: string): RefusalCategory {
  if (/\bmaximum number of concurrent\b|\bplease wait until\b/i.test(message)) return 'busy'
  return /\b(?:feature|module|application|api)\b.*\bnot (?:been )?enabled\b/i.test(message)
    ? 'permission'
    : 'input'
}

interface Criterion {
  readonly field: string
  readonly operator: string
  readonly value: string
}

/** Builds a `ServiceRequest` from an operation's `criteria` and `data` and the paging fields. */
function serviceRequest(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { criteria = [], data, preferences, beyond } = fields
  const cursor = beyond === undefined ? [] : [{ field: 'id', operator: 'GREATER', value: String(beyond) }]
  const all = [...(criteria as readonly Criterion[]), ...cursor].map(({ value, ...attributes }) => ({
    $: attributes,
    '#text': value,
  }))
  return { ServiceRequest: { preferences, ...(all.length > 0 && { filters: { Criteria: all } }), data } }
}

/** SAQ: QPS on the API server, with HTTP Basic; documented in XML, the version call also in JSON. */
export const saq: Product = {
  name: 'SAQ',
  host: ({ apiUrl }) => {
    if (apiUrl !== undefined) return apiUrl
    throw new SetupError(
      'SAQ is not set up: QUALYS_API_URL is not set.',
      'Ask the operator to set QUALYS_API_URL, or QUALYS_PLATFORM instead of single addresses; for CAR alone, QUALYS_TOOLSETS=car leaves the tools of SAQ out.',
    )
  },
  takesPassword: true,
  tokenAdvice:
    'No password is set, so that SAQ got the token of the gateway, which Qualys does not document: ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD.',
  cursorAdvice:
    'Qualys may take no GREATER on an id here: ask the operator to set QUALYS_SAQ_PAGING=offset, or leave it out.',
  scope: 'scope',
  headers: ({ format }) =>
    // One client got XML unless both headers said JSON, also for GET.
    format === 'json'
      ? { accept: 'application/json', 'content-type': 'application/json' }
      : { accept: 'application/xml' },
  codec: xmlCodec,
  envelope: serviceRequest,
  unwrap: unwrapService,
  checkFile: () => {
    throw notQualysError('SAQ has no files.')
  },
  refusal: serviceRefusal,
}
