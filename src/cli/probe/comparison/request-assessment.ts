import { skipReasons } from '../probe.ts'
import type { RecordedAnswer } from '../recording/schema.ts'

/** What a recording shows about a form of requests or a filter. */
export interface RequestFinding {
  readonly line: string
  /** Set if something that this program uses does not work. */
  readonly hasFailed?: true
  /** Set if the recording does not answer it. */
  readonly isOpen?: true
  /** Set if the probe was not sent. */
  readonly isSkipped?: true
  /** What to set, as `NAME=value`. */
  readonly setting?: string
}

type Answers = readonly RecordedAnswer[]

/** The status and code of an answer. */
const responseText = ({ status, code }: RecordedAnswer): string =>
  [status ?? 'no answer', code].filter(Boolean).join(' ')

const skippedFinding = ({ skipped }: RecordedAnswer): RequestFinding => ({
  line: `not asked, ${skipped ? skipReasons[skipped] : ''}`,
  isOpen: true,
  isSkipped: true,
})

/** A filter works if a value that occurs finds rows and an impossible one finds none. */
function tokenFinding(token: RecordedAnswer, control: RecordedAnswer | undefined): RequestFinding {
  if (token.skipped ?? control?.skipped) return skippedFinding(token.skipped ? token : (control ?? token))
  if (!token.held) return { line: `refused with ${responseText(token)}`, hasFailed: true }
  if (token.result === 'none')
    return { line: 'finds nothing: it is not known, or nothing has that value', isOpen: true }
  if (control?.held && control.result === 'none') return { line: 'works' }
  return control?.held
    ? { line: 'is ignored: a value that nothing has finds rows, too', hasFailed: true }
    : {
        line: `finds rows, and refuses a value that nothing has with ${control ? responseText(control) : 'no answer'}`,
        isOpen: true,
      }
}

/** Whether each filter token works. */
export function assessFilterTokens(
  answers: Answers,
): readonly (RequestFinding & { readonly about: string })[] {
  return answers
    .filter(({ kind }) => kind === 'token')
    .map((token) => {
      const { operation, about } = token
      const control = answers.find(
        (answer) => answer.kind === 'control' && answer.operation === operation && answer.about === about,
      )
      return { about: `${operation} ${about}`, ...tokenFinding(token, control) }
    })
}

const findAnswer = (answers: Answers, about: string): RecordedAnswer | undefined =>
  answers.find((answer) => answer.kind === 'way' && answer.about === about)

/** The finding about a form that this program uses. */
function usedFormFinding(answer: RecordedAnswer, works: boolean): RequestFinding {
  if (answer.skipped) return skippedFinding(answer)
  return works
    ? { line: 'works' }
    : { line: `does not work: ${answer.held ? answer.result : responseText(answer)}`, hasFailed: true }
}

/** The finding about a form that this program could use. */
function possibleFormFinding(answer: RecordedAnswer, works: boolean): RequestFinding {
  if (answer.skipped) return skippedFinding(answer)
  return {
    line: works ? 'works, too' : `does not work: ${answer.held ? answer.result : responseText(answer)}`,
  }
}

/** The findings about how SAQ lists are paged: by offset, unless the operator sets otherwise. */
function saqPagingFindings(offset: RecordedAnswer, cursor: RecordedAnswer | undefined): RequestFinding[] {
  const byId = cursor?.result === 'next row'
  const first = usedFormFinding(offset, offset.result === 'next row')
  return first.hasFailed && byId ? [{ ...first, setting: 'QUALYS_SAQ_PAGING=id' }] : [first]
}

/** Whether each form of requests works. */
export function assessRequestForms(
  answers: Answers,
): readonly (RequestFinding & { readonly about: string })[] {
  return answers
    .filter(({ kind }) => kind === 'way')
    .flatMap((answer) => {
      const { operation, about, held = false, result } = answer
      const findings = ((): RequestFinding[] => {
        switch (about) {
          case 'searchAfter':
            return [usedFormFinding(answer, result === 'next row')]
          case 'count with a filter':
            return [usedFormFinding(answer, held)]
          case 'startFromOffset':
            return saqPagingFindings(answer, findAnswer(answers, 'id GREATER'))
          case 'id GREATER':
            return [possibleFormFinding(answer, result === 'next row')]
          case 'answer as JSON':
            return [possibleFormFinding(answer, result === 'JSON')]
          case 'filter labTag':
          case 'filter isLabTag':
            return [result === 'other rows' ? { line: 'lists lab tags' } : possibleFormFinding(answer, false)]
          default:
            return [possibleFormFinding(answer, held)]
        }
      })()
      return findings.map((finding) => ({ about: `${operation} ${about}`, ...finding }))
    })
}

/** One line per product with the limits that it reports. */
export function limitLines(answers: Answers): string[] {
  return ['car', 'saq'].flatMap((product) => {
    const answered = answers.filter(
      ({ operation, headers }) => operation.startsWith(product) && headers !== undefined,
    )
    if (answered.length === 0) return []
    const headers = Object.assign({}, ...answered.map(({ headers }) => headers)) as Record<string, string>
    const limits = Object.entries(headers).filter(([name]) => /limit|retry/.test(name))
    const words = limits.map(([name, value]) => `${name} ${value}`).join(', ')
    return [`${product.toUpperCase()}: ${words === '' ? `none told in ${answered.length} answers` : words}`]
  })
}
