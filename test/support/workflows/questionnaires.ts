import type { Answer, Sent } from '../operations/memory.ts'
import { ago, type Fields, questionnaire, service, xml } from './campaigns.ts'

// A campaign of as many questionnaires as a test wants, paged by offset and by id.

const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED', 'CLOSED']
const stateOf = (id: number): string => states[id % states.length] ?? ''

const rowOf = (id: number, padding: string | undefined): Fields =>
  questionnaire({
    id,
    title: `Audit - F${id % 40} Lee`,
    state: stateOf(id),
    dueDate: ago((id % 100) - 20),
    padding,
  })

/** A page that was asked for. */
export interface Page {
  readonly from: number
  readonly size: number
  readonly behind: number | undefined
}

function pageIn(body: string): Page {
  const numberIn = (pattern: RegExp): number | undefined => {
    const [, digits] = pattern.exec(body) ?? []
    return digits === undefined ? undefined : Number(digits)
  }
  const behind = numberIn(/field="id" operator="GREATER">(\d+)</)
  const from = behind ?? (numberIn(/<startFromOffset>(\d+)</) ?? 1) - 1
  return { from, behind, size: numberIn(/<limitResults>(\d+)</) ?? 100 }
}

export interface Manners {
  /** Called with each page, before it is answered; may throw. */
  readonly onPage?: (page: Page) => void
  readonly onUser?: () => void
  /** What each row holds besides. */
  readonly padding?: string
  /** Whether answers say that there is more. */
  readonly saysMore?: boolean
}

const xmlAnswer = (body: string): Answer => ({ body, contentType: 'application/xml' })

/** Answers on a campaign of so many questionnaires, which are paged by offset and by id. */
export const answersFor =
  (count: number, { onPage, onUser, saysMore = true, padding }: Manners = {}) =>
  ({ path, body }: Pick<Sent, 'path' | 'body'>): Answer => {
    if (path.includes('/get/saq/questionnairecampaign/'))
      return xmlAnswer(service('QuestionnaireCampaign', [{ id: 1, name: 'Audit', status: 'ACTIVE' }]))
    if (path.includes('/search/saq/user')) {
      onUser?.()
      return xmlAnswer(service('User', []))
    }
    const page = pageIn(body)
    onPage?.(page)
    const rows = Array.from({ length: Math.min(page.size, count - page.from) }, (_, at) =>
      rowOf(page.from + at + 1, padding),
    )
    if (saysMore) return xmlAnswer(service('Questionnaire', rows, page.from + rows.length < count))
    const fields = { responseCode: 'SUCCESS', count: rows.length, data: { Questionnaire: rows } }
    return xmlAnswer(xml('ServiceResponse', fields))
  }

/** What so many questionnaires come to. */
export function expected(count: number) {
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
