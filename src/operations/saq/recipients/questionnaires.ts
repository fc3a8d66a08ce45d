import type { Operation } from '../../operation.ts'
import type { Failure, Lists } from '../../reads/lists.ts'
import { counted } from '../../sentences.ts'
import { campaignOf } from '../columns/questionnaire-columns.ts'

type Row = Readonly<Record<string, unknown>>

/** A campaign has at most five thousand recipients, and sends one to each. */
const maxQuestionnaires = 20_000

const fields = ['id', 'title', 'state', 'dueDate', 'campaign']

/** The questionnaires of one campaign, as far as they could be read. */
export interface OwnQuestionnaires {
  readonly rows: readonly Row[]
  /** False if there may be others. */
  readonly areAll: boolean
  /** Why they could not be read; absent if they could, if only in part. */
  readonly failure?: Failure
  /** What was not read, one sentence each. */
  readonly notes: readonly string[]
}

/** Reads the questionnaires of a campaign. Its due date stands in rows that show none. */
export async function readQuestionnaires(
  list: Operation,
  campaign: Row,
  lists: Lists<Operation>,
): Promise<OwnQuestionnaires> {
  const id = String(campaign['id'])
  const rows: Row[] = []
  let others = 0
  let limit: string | undefined
  const add = (row: Row): void => {
    const shown = campaignOf(row).id
    if (shown !== '' && shown !== id) others++
    else rows.push({ ...row, dueDate: row['dueDate'] ?? campaign['dueDate'] })
  }
  const failure = await lists.attempt(
    async () => {
      const onLimit = (reason: string): void => {
        limit = reason
      }
      for await (const batch of lists.walk(list, { campaignId: [id] }, fields, onLimit)) {
        for (const row of batch) add(row)
        if (rows.length < maxQuestionnaires) continue
        limit = `${maxQuestionnaires.toLocaleString('en')} were read, and no more.`
        return undefined
      }
      return undefined
    },
    (failure) => failure,
  )
  return {
    rows,
    areAll: failure === undefined && limit === undefined,
    ...(failure && { failure }),
    notes: [
      ...(failure
        ? [`Not all questionnaires could be read, so states may be unknown: ${failure.error.message}`]
        : []),
      ...(limit === undefined ? [] : [`The list of questionnaires is not whole: ${limit}`]),
      ...(others > 0
        ? [`Qualys also sent ${counted(others, 'questionnaire')} of other campaigns, which are left out.`]
        : []),
    ],
  }
}
