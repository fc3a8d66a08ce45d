import { type CheckResult, productPrefix, skipReasons } from '../probe.ts'
import type { RecordedAnswer } from '../recording/schema.ts'

/** What a recording shows about a form of requests or a filter. */
export interface RequestFinding {
  /** The operation, and the form or the filter. */
  readonly about: string
  readonly line: string
  /**
   * failed: something that this program uses does not work. open: the recording does not answer it. skipped: the
   * same, since the probe was not sent.
   */
  readonly state?: 'failed' | 'open' | 'skipped'
  /** What to set, as `NAME=value`. */
  readonly setting?: string
}

type Answers = readonly RecordedAnswer[]
type Assessment = Omit<RequestFinding, 'about'>

/** The status and code of an answer. */
const responseText = ({ status, code }: RecordedAnswer): string =>
  [status ?? 'no answer', code].filter(Boolean).join(' ')

const skippedAssessment = (reason: keyof typeof skipReasons): Assessment => ({
  line: `not asked, ${skipReasons[reason]}`,
  state: 'skipped',
})

/** Spare tokens: tried beside others of the same meaning. */
const spareTokens: readonly string[] = ['assetId', 'tags']

/** A filter works if a value that occurs finds rows and an impossible one finds none. */
function assessToken(token: RecordedAnswer, answers: Answers): Assessment {
  const control = answers.find(
    ({ kind, operation, about }) =>
      kind === 'control' && operation === token.operation && about === token.about,
  )
  const skipped = token.skipped ?? control?.skipped
  if (skipped) return skippedAssessment(skipped)
  if (!token.held) return { line: `refused with ${responseText(token)}`, state: 'failed' }
  if (token.result === 'none')
    return { line: 'finds nothing: it is not known, or nothing has that value', state: 'open' }
  if (!control?.held) {
    const response = control ? responseText(control) : 'no answer'
    return { line: `finds rows, and refuses a value that nothing has with ${response}`, state: 'open' }
  }
  return control.result === 'none'
    ? { line: 'works' }
    : { line: 'is ignored: a value that nothing has finds rows, too', state: 'failed' }
}

/** Whether a spare token works matters to nothing. */
function assessUsedToken(token: RecordedAnswer, answers: Answers): Assessment {
  const assessment = assessToken(token, answers)
  return spareTokens.includes(token.about) ? { line: assessment.line } : assessment
}

/** A form of requests: the result if it works, and what is then said of it if this program does not use it. */
interface RequestForm {
  readonly expected?: CheckResult
  readonly isUsed?: true
  readonly works?: string
  /** What other results are said to mean. */
  readonly others?: Partial<Record<CheckResult, string>>
}

const requestForms: Readonly<Record<string, RequestForm>> = {
  searchAfter: { expected: 'next row', isUsed: true },
  'count with a filter': { isUsed: true },
  startFromOffset: { expected: 'next row', isUsed: true },
  'id GREATER': { expected: 'next row' },
  'answer as JSON': { expected: 'JSON' },
  'filter labTag': { expected: 'other rows', works: 'lists lab tags' },
  'filter isLabTag': { expected: 'other rows', works: 'lists lab tags' },
  'filter of 100 ids': { expected: 'as asked', works: 'works' },
  'filter of 500 ids': { expected: 'as asked' },
  'unfinished results of old runs': {
    expected: 'unfinished',
    works: 'there are: a host that never reports has a result that stays open',
    others: {
      none: 'there are none: a host that never reports may have no result',
      'no row': 'no result is a week older than the newest',
    },
  },
}

function assessForm(answer: RecordedAnswer, answers: Answers): Assessment {
  const { about, skipped, held, result } = answer
  const form = requestForms[about] ?? {}
  const { expected = result, isUsed, works = isUsed ? 'works' : 'works, too', others = {} } = form
  if (skipped) return skippedAssessment(skipped)
  if (held && result === expected) return { line: works }
  const meaning = held && result ? others[result] : undefined
  if (meaning !== undefined) return { line: meaning }
  const line = `does not work: ${held ? result : responseText(answer)}`
  if (!isUsed) return { line }
  // SAQ lists are paged by offset, unless the operator sets otherwise.
  const byId = answers.some((other) => other.about === 'id GREATER' && other.result === 'next row')
  const setting = about === 'startFromOffset' && byId ? 'QUALYS_SAQ_PAGING=id' : undefined
  return { line, state: 'failed', ...(setting && { setting }) }
}

/** Whether each form of requests, or each filter token, works. */
export function assessRequests(answers: Answers, kind: 'way' | 'token'): RequestFinding[] {
  const assess = kind === 'way' ? assessForm : assessUsedToken
  return answers
    .filter((answer) => answer.kind === kind)
    .map((answer) => ({ about: `${answer.operation} ${answer.about}`, ...assess(answer, answers) }))
}

/** One line per product with the limits that it reports. */
export function limitLines(answers: Answers): string[] {
  return (['car', 'saq'] as const).flatMap((product) => {
    const headers = answers.flatMap(({ operation, headers }) =>
      headers && productPrefix(operation) === product ? [headers] : [],
    )
    if (headers.length === 0) return []
    const limits = Object.entries<string>(Object.assign({}, ...headers))
      .filter(([name]) => /limit|retry/.test(name))
      .map(([name, value]) => `${name} ${value}`)
    return [`${product.toUpperCase()}: ${limits.join(', ') || `none told in ${headers.length} answers`}`]
  })
}
