import { skips } from './question.ts'
import type { RecordedAnswer } from './recording/transcript.ts'

/**
 * What a recording shows about a form of requests or a filter. `fails`: something that this program uses does
 * not work.
 */
export interface Learnt {
  readonly line: string
  readonly fails?: true
  /** The recording does not answer it. */
  readonly open?: true
  readonly unasked?: true
  /** What to set, as `NAME=value`. */
  readonly setting?: string
}

type Answers = readonly RecordedAnswer[]

const saidOf = ({ status, code }: RecordedAnswer): string =>
  [status ?? 'no answer', code].filter(Boolean).join(' ')

const unasked = ({ skipped }: RecordedAnswer): Learnt => ({
  line: `not asked, ${skipped ? skips[skipped] : ''}`,
  open: true,
  unasked: true,
})

/** A filter works if a value that occurs finds rows and an impossible one finds none. */
function tokenOf(token: RecordedAnswer, control: RecordedAnswer | undefined): Learnt {
  if (token.skipped ?? control?.skipped) return unasked(token.skipped ? token : (control ?? token))
  if (!token.held) return { line: `refused with ${saidOf(token)}`, fails: true }
  if (token.result === 'none')
    return { line: 'finds nothing: it is not known, or nothing has that value', open: true }
  if (control?.held && control.result === 'none') return { line: 'works' }
  return control?.held
    ? { line: 'is ignored: a value that nothing has finds rows, too', fails: true }
    : {
        line: `finds rows, and refuses a value that nothing has with ${control ? saidOf(control) : 'no answer'}`,
        open: true,
      }
}

/** Whether each filter token works. */
export function tokensIn(answers: Answers): readonly (Learnt & { readonly about: string })[] {
  return answers
    .filter(({ kind }) => kind === 'token')
    .map((token) => {
      const { operation, about } = token
      const control = answers.find(
        (one) => one.kind === 'control' && one.operation === operation && one.about === about,
      )
      return { about: `${operation} ${about}`, ...tokenOf(token, control) }
    })
}

const way = (answers: Answers, about: string): RecordedAnswer | undefined =>
  answers.find((answer) => answer.kind === 'way' && answer.about === about)

/** A form that this program uses. */
function used(answer: RecordedAnswer, works: boolean): Learnt {
  if (answer.skipped) return unasked(answer)
  return works
    ? { line: 'works' }
    : { line: `does not work: ${answer.held ? answer.result : saidOf(answer)}`, fails: true }
}

/** A form that this program could use. */
function possible(answer: RecordedAnswer, works: boolean): Learnt {
  if (answer.skipped) return unasked(answer)
  return { line: works ? 'works, too' : `does not work: ${answer.held ? answer.result : saidOf(answer)}` }
}

/** How lists of SAQ are paged: by offset, unless the operator sets otherwise. */
function pagingOf(offset: RecordedAnswer, cursor: RecordedAnswer | undefined): Learnt[] {
  const byId = cursor?.result === 'next row'
  const first = used(offset, offset.result === 'next row')
  return first.fails && byId ? [{ ...first, setting: 'QUALYS_SAQ_PAGING=id' }] : [first]
}

/** The result for each form of a request. */
export function waysIn(answers: Answers): readonly (Learnt & { readonly about: string })[] {
  return answers
    .filter(({ kind }) => kind === 'way')
    .flatMap((answer) => {
      const { operation, about, held = false, result } = answer
      const learnt = ((): Learnt[] => {
        switch (about) {
          case 'searchAfter':
            return [used(answer, result === 'next row')]
          case 'count with a filter':
            return [used(answer, held)]
          case 'startFromOffset':
            return pagingOf(answer, way(answers, 'id GREATER'))
          case 'id GREATER':
            return [possible(answer, result === 'next row')]
          case 'answer as JSON':
            return [possible(answer, result === 'JSON')]
          case 'filter labTag':
          case 'filter isLabTag':
            return [result === 'other rows' ? { line: 'lists lab tags' } : possible(answer, false)]
          default:
            return [possible(answer, held)]
        }
      })()
      return learnt.map((one) => ({ about: `${operation} ${about}`, ...one }))
    })
}

/** The limits that each product reports. */
export function limitsIn(answers: Answers): string[] {
  return ['car', 'saq'].flatMap((product) => {
    const asked = answers.filter(
      ({ operation, headers }) => operation.startsWith(product) && headers !== undefined,
    )
    if (asked.length === 0) return []
    const last = Object.assign({}, ...asked.map(({ headers }) => headers)) as Record<string, string>
    const told = Object.entries(last).filter(([name]) => /limit|retry/.test(name))
    const words = told.map(([name, value]) => `${name} ${value}`).join(', ')
    return [`${product.toUpperCase()}: ${words === '' ? `none told in ${asked.length} answers` : words}`]
  })
}
