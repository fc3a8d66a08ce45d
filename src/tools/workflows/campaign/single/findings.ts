import type { Deviations, Row } from '../../../../session/answer.ts'
import type { CampaignTally } from '../../../effects/targets/campaign-tally.ts'
import type { ListPart } from '../shared/list-part.ts'
import type { CompanyCounts } from './company-tally.ts'
import type { LateQuestionnaire } from './late-table.ts'

/** What is known about a campaign. */
export interface CampaignFindings {
  readonly id: string
  readonly campaign: Row
  readonly tally: CampaignTally
  readonly companies: CompanyCounts
  readonly late: ListPart<LateQuestionnaire>
  /** True if the campaign's record shows no recipients, so that names alone lead to users. */
  readonly areByName: boolean
  /** What was not read about people, one sentence each. */
  readonly peopleNotes: readonly string[]
  /** What is said about states, one sentence each. */
  readonly stateNotes: readonly string[]
  /** Of the questionnaires. */
  readonly deviations: Deviations
  /** Number of rows of other campaigns, which are not counted. */
  readonly otherCampaignRows: number
  /** Why the list of questionnaires is incomplete; absent if it is complete. */
  readonly resultLimit: string | undefined
  readonly now: number
}
