import { isObject, parseJson } from '../../../shared/json.ts'
import { oneLine } from '../../../shared/safe-text.ts'

/** One finding of a validator: what is wrong, and where. */
interface Issue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

const maxIssues = 3

/** A finding without the words of the validator: a record is an object, and undefined is what nobody wrote. */
const plainFinding = (message: string): string =>
  message
    .replace(/^Invalid input: /, '')
    .replace('expected record', 'expected object')
    .replace(/received undefined$/, 'but it is missing')

/** The findings of a validator as one line: `params.cursor: expected string, received number`. */
export function sentenceOf(issues: readonly Issue[]): string {
  const parts = issues.slice(0, maxIssues).map(({ path = [], message }) => {
    const place = path.map((step) => (isObject(step) ? String(step['key']) : String(step))).join('.')
    return `${place === '' ? '' : `${oneLine(place, 100)}: `}${plainFinding(oneLine(message))}`
  })
  return parts.join('; ')
}

const isIssue = (value: unknown): value is Issue =>
  isObject(value) &&
  typeof value['message'] === 'string' &&
  (value['path'] === undefined || Array.isArray(value['path']))

/**
 * The message of an error without the JSON of the SDK's validator: `Invalid params: [{…}]` becomes one line.
 * Undefined if it holds none.
 */
export function plainErrorMessage(message: string): string | undefined {
  const start = message.search(/\[\s*\{/)
  const issues = start < 0 ? undefined : parseJson(message.slice(start))
  if (!Array.isArray(issues) || issues.length === 0 || !issues.every(isIssue)) return undefined
  return message.slice(0, start) + sentenceOf(issues)
}
