import type { Answer, SentRequest } from '../operations/memory.ts'
import { daysAgo, type Fields, questionnaire, serviceResponse, xml } from './campaigns.ts'

// A campaign with any number of questionnaires, paged by offset and by id.

const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED', 'CLOSED']
const stateOf = (id: number): string => states[id % states.length] ?? ''

const rowOf = (id: number, padding: string | undefined): Fields =>
  questionnaire({
    id,
    title: `Audit - F${id % 40} Lee`,
    state: stateOf(id),
    dueDate: daysAgo((id % 100) - 20),
    padding,
  })

/** A page request. */
export interface Page {
  readonly from: number
  readonly size: number
  readonly afterId: number | undefined
}

function pageIn(body: string): Page {
  const numberIn = (pattern: RegExp): number | undefined => {
    const [, digits] = pattern.exec(body) ?? []
    return digits === undefined ? undefined : Number(digits)
  }
  const afterId = numberIn(/field="id" operator="GREATER">(\d+)</)
  const from = afterId ?? (numberIn(/<startFromOffset>(\d+)</) ?? 1) - 1
  return { from, afterId, size: numberIn(/<limitResults>(\d+)</) ?? 100 }
}

export interface AnswerOptions {
  /** Called with each page request before it is answered; may throw. */
  readonly onPage?: (page: Page) => void
  readonly onUser?: () => void
  /** Number of users; none of them has a questionnaire. */
  readonly users?: number
  /** Further fields of each row. */
  readonly padding?: string
  /** Whether answers report more rows. */
  readonly saysMore?: boolean
}

const xmlAnswer = (body: string): Answer => ({ body, contentType: 'application/xml' })

/** Answers for a campaign with this number of questionnaires, paged by offset and by id. */
export const answersFor =
  (count: number, { onPage, onUser, saysMore = true, padding, users = 0 }: AnswerOptions = {}) =>
  ({ path, body }: Pick<SentRequest, 'path' | 'body'>): Answer => {
    if (/\/(?:get|search)\/saq\/questionnairecampaign/.test(path))
      return xmlAnswer(serviceResponse('QuestionnaireCampaign', [{ id: 1, name: 'Audit', status: 'ACTIVE' }]))
    if (path.includes('/search/saq/user')) {
      onUser?.()
      const { from, size } = pageIn(body)
      const people = Array.from({ length: Math.max(0, Math.min(size, users - from)) }, (_, at) => ({
        id: from + at + 1,
        firstName: `U${from + at + 1}`,
        lastName: 'Ray',
      }))
      return xmlAnswer(serviceResponse('User', people, from + people.length < users))
    }
    const page = pageIn(body)
    onPage?.(page)
    const rows = Array.from({ length: Math.min(page.size, count - page.from) }, (_, at) =>
      rowOf(page.from + at + 1, padding),
    )
    if (saysMore) return xmlAnswer(serviceResponse('Questionnaire', rows, page.from + rows.length < count))
    const fields = { responseCode: 'SUCCESS', count: rows.length, data: { Questionnaire: rows } }
    return xmlAnswer(xml('ServiceResponse', fields))
  }

/** The expected totals of this number of questionnaires. */
export function expectedCounts(count: number) {
  const ids = Array.from({ length: count }, (_, at) => at + 1)
  const open = ids.filter((id) => id % states.length <= 2)
  return {
    byState: Object.fromEntries(
      [...new Set(states)].map((state) => [state, ids.filter((id) => stateOf(id) === state).length]),
    ),
    open: open.length,
    overdue: open.filter((id) => (id % 100) - 20 > 0).length,
  }
}
