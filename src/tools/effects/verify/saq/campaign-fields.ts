import { inSentence } from '../../../../operations/sentences.ts'
import type { Row } from '../../../../session/answer.ts'
import { texts } from '../../../../shared/format.ts'
import { isId, isObject, objectsIn } from '../../../../shared/json.ts'
import type { Target } from '../../targets/lookup.ts'
import { type ComparedField, plainFields } from './compare.ts'
import { inQuotes } from './rows-now.ts'

export const campaignAdvice = 'look with saq_get_campaign'

/** `"Vendors 2027", ACTIVE`, as far as the record shows it. */
export function nameAndStatus({ row = {} }: Target): string {
  const { name, status } = row
  return texts(
    typeof name === 'string' && inQuotes(name),
    status === undefined ? 'its status is not shown' : inSentence(status, 60),
  ).join(', ')
}

/** `due 2027-01-31T23:59:59Z`; undefined if the record does not show it. */
export const dueIn = ({ row = {} }: Target): string | undefined =>
  row['dueDate'] === undefined ? undefined : `due ${inSentence(row['dueDate'], 60)}`

/** The fields for programs. */
export function campaignNow({ id, row = {} }: Target, more: Row = {}): Row {
  const { name, status, dueDate, launchDate } = row
  return { id, name, status, dueDate, launchDate, ...more }
}

/** An object that the call names by id. */
const byId = (name: string): ComparedField => ({
  name,
  asked: (args) => (isId(args[`${name}Id`]) ? String(args[`${name}Id`]) : undefined),
  shown: ({ [name]: object }) => (isObject(object) && isId(object['id']) ? String(object['id']) : undefined),
})

/** A record may show the day alone (reference_campaign.htm calls it a date). */
const dueDate: ComparedField = {
  name: 'dueDate',
  asked: ({ dueDate: asked }) => (typeof asked === 'string' ? asked : undefined),
  shown: ({ dueDate: shown }, { dueDate: asked }) => {
    if (typeof shown !== 'string') return undefined
    return shown.length === 10 && String(asked).startsWith(shown) ? String(asked) : shown
  },
}

/** What a call sets of the mails of each kind; a kind that is named is switched on. */
const settingsOf = (notice: Row): Row => ({ enabled: true, ...notice })
const noticeText = (kind: unknown, settings: Row): string =>
  [kind, ...Object.entries(settings).flat()].map(String).join(' ')

const notifications: ComparedField = {
  name: 'notifications',
  asked: ({ notifications: asked }) =>
    Array.isArray(asked)
      ? objectsIn(asked)
          .map(({ kind, ...rest }) => noticeText(kind, settingsOf(rest)))
          .join(', ')
      : undefined,
  shown: ({ campaignNotification: stored }, { notifications: asked }) => {
    const shown = objectsIn(asked).map(({ kind, ...rest }) => {
      const notice = isObject(stored) ? stored[`${String(kind)}Notification`] : undefined
      const names = Object.keys(settingsOf(rest))
      return isObject(notice) && names.every((name) => notice[name] !== undefined)
        ? noticeText(kind, Object.fromEntries(names.map((name) => [name, notice[name]])))
        : undefined
    })
    return shown.includes(undefined) ? undefined : shown.join(', ')
  },
}

/** What a call sets of a campaign, without its recipients. */
export const campaignFields: readonly ComparedField[] = [
  ...plainFields('name', 'workflowType'),
  dueDate,
  byId('template'),
  byId('reviewer'),
  byId('approver'),
  notifications,
]
