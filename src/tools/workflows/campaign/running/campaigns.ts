import { campaignReads } from '../../../../operations/saq/campaigns.ts'
import { dueTimeOf } from '../../../../operations/saq/columns/overdue.ts'
import type { Row } from '../../../../session/answer.ts'
import { textOrEmpty } from '../../../../shared/json.ts'
import { redactJson } from '../../../../shared/secrets.ts'
import { type ListContext, type Lists, listsOf } from '../../../lists.ts'

export const running = 'ACTIVE'

/** A campaign that runs, as far as its record shows it. */
export interface RunningCampaign {
  readonly id: string
  readonly name: string
  readonly dueDate: unknown
  /** Epoch, in ms. */
  readonly dueTime: number | undefined
}

/** The campaigns that run. */
export interface RunningCampaigns {
  readonly campaigns: readonly RunningCampaign[]
  /** Why there may be further ones, one sentence each. */
  readonly notes: readonly string[]
}

const maxCampaigns = 1_000

const campaignOf = (row: Row): RunningCampaign => ({
  id: String(row['id']),
  name: textOrEmpty(row['name']),
  dueDate: row['dueDate'],
  dueTime: dueTimeOf(row),
})

/** Reads the campaigns that run. */
export async function readRunningCampaigns(lists: Lists): Promise<RunningCampaigns> {
  const campaigns: RunningCampaign[] = []
  const notes: string[] = []
  const fields = ['id', 'name', 'status', 'dueDate']
  const onLimit = (reason: string): void => void notes.push(`The list of campaigns is not whole: ${reason}`)
  for await (const rows of lists.walk(campaignReads.list, { status: [running] }, fields, onLimit))
    for (const row of rows) {
      // Qualys may ignore the filter.
      if (row['status'] !== undefined && row['status'] !== running) continue
      if (campaigns.length === maxCampaigns) {
        notes.push(`Of the running campaigns, ${maxCampaigns.toLocaleString('en')} were read, and no more.`)
        return { campaigns, notes }
      }
      campaigns.push(campaignOf(row))
    }
  return { campaigns, notes }
}

/** How many campaigns have which status, most first. */
export interface StatusCounts {
  readonly counts: readonly (readonly [status: string, count: number])[]
  /** False if only the first campaigns were counted. */
  readonly isWhole: boolean
}

/** Counts the campaigns by status, with one call; undefined if Qualys does not answer. */
export function countStatuses({ session, signal }: ListContext): Promise<StatusCounts | undefined> {
  return listsOf({ session, signal }).attempt(async () => {
    const byStatus = new Map<string, number>()
    let isWhole = true
    for await (const { rows, last = false } of session.walk(campaignReads.list, {}, { signal })) {
      for (const { status } of redactJson(rows, session.redact))
        byStatus.set(textOrEmpty(status), (byStatus.get(textOrEmpty(status)) ?? 0) + 1)
      isWhole = last
      break
    }
    return { counts: [...byStatus].sort(([, one], [, other]) => other - one), isWhole }
  })
}
