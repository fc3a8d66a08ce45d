import type { Deviations } from '../../../../session/answer.ts'
import { dayMs } from '../../../../shared/clock.ts'
import type { ToolContext } from '../../../tool.ts'
import { completePeople, readPeopleWith, redactedLists } from '../shared/campaign-people.ts'
import type { ListPart } from '../shared/list-part.ts'
import type { ListRequest } from '../shared/list-request.ts'
import { compareIds } from '../shared/places.ts'
import { StateNotes } from '../shared/state-notes.ts'
import type { CampaignReading, ReadingContext } from './campaign-reading.ts'
import { countStatuses, readRunningCampaigns, running, type StatusCounts } from './campaigns.ts'
import { type LatePerson, lateInSeveral } from './late-in-several.ts'
import { QuestionnaireReader } from './questionnaire-reader.ts'

/** What is known about the campaigns that run. */
export interface RunningFindings {
  /** The longest overdue first, then what is due next. */
  readonly readings: readonly CampaignReading[]
  readonly late: ListPart<LatePerson>
  /** Names of those who may be late in several campaigns. */
  readonly perhaps: readonly string[]
  /** False if some campaigns that run were not read. */
  readonly hasAllCampaigns: boolean
  /** Number of campaigns whose records show no recipients. */
  readonly byName: number
  /** What was not read, one sentence each. */
  readonly notes: readonly string[]
  readonly deviations: Deviations
  /** What is said about states, one sentence each. */
  readonly stateNotes: readonly string[]
  readonly otherRows: number
  /** If no campaign runs: which there are; undefined if that is unknown. */
  readonly statuses?: StatusCounts | undefined
  readonly now: number
}

const latest = Number.MAX_SAFE_INTEGER

/** Whole days that a campaign is past its due date, or its longest overdue questionnaire; undefined if none is overdue. */
export function daysOverdue(reading: CampaignReading, now: number): number | undefined {
  const { campaign, longest, overdue, problem } = reading
  if (overdue === 0 && !problem) return undefined
  const { dueTime } = campaign
  if (dueTime !== undefined && dueTime < now) return Math.floor((now - dueTime) / dayMs)
  return overdue > 0 ? longest : undefined
}

/** The longest overdue first, then what is due next; campaigns without a due date last. */
const byUrgency =
  (now: number) =>
  (one: CampaignReading, other: CampaignReading): number =>
    (daysOverdue(other, now) ?? -1) - (daysOverdue(one, now) ?? -1) ||
    other.overdue - one.overdue ||
    (one.campaign.dueTime ?? latest) - (other.campaign.dueTime ?? latest) ||
    compareIds(one.campaign.id, other.campaign.id)

/** Maximum number of people of campaigns who are kept as late, over all campaigns. */
const maxLatePeople = 500_000

/** Reads all campaigns that run, with all their questionnaires, of which only counts and late people are kept. */
export async function readRunning(
  context: ToolContext,
  { wanted, after, isAlone, tokenBehind }: ListRequest,
  now: number,
): Promise<RunningFindings> {
  const { session, signal, progress } = context
  const lists = redactedLists({ session, signal, progress })
  const { campaigns, notes } = await readRunningCampaigns(lists)
  const page = { before: 0, total: 0, after, isAlone, tokenBehind }
  if (campaigns.length === 0)
    return {
      readings: [],
      late: { items: [], ...page },
      perhaps: [],
      hasAllCampaigns: notes.length === 0,
      byName: 0,
      notes,
      deviations: { drift: [] },
      stateNotes: [],
      otherRows: 0,
      statuses: await countStatuses(context),
      now,
    }
  const people = await readPeopleWith(running, lists)
  const states = new StateNotes()
  const reading: ReadingContext = { people, now, late: new Map(), states, room: { left: maxLatePeople } }
  const reader = new QuestionnaireReader(context, reading)
  const readings = await reader.read(campaigns)
  const { people: found, perhaps } = lateInSeveral(readings, reading.late, wanted, after)
  const completed = await completePeople(
    found.items.map(({ person }) => person),
    lists,
  )
  return {
    readings: [...readings].sort(byUrgency(now)),
    late: {
      items: found.items.map((item, at) => ({ ...item, person: completed[at] ?? item.person })),
      ...page,
      before: found.before,
      total: found.total,
    },
    perhaps,
    hasAllCampaigns: notes.length === 0,
    byName: campaigns.filter(({ id }) => people.recipientsOf(id) === undefined).length,
    notes: [...notes, ...people.notes],
    deviations: reader.deviations,
    stateNotes: states.notes,
    otherRows: reader.otherRows,
    now,
  }
}
