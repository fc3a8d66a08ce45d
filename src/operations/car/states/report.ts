import type { NewState } from '../../effects/new-state.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { counted } from '../../sentences.ts'
import { idIn, textIn, word } from './words.ts'

// Reports after an effect, by one reading of the list (release_2_4_api.htm). A report has two ids, and no page shows
// which of them calls answer with.

const shownBy = 'car_list_reports'

const idsOf = (row: Input): readonly string[] =>
  ['fileUuid', 'resourceId'].flatMap((name) => idIn(row, name) ?? [])

const stateOf = (row: Input): NewState => {
  const status = textIn(row, 'status')
  return {
    text: status === undefined ? `its status is not shown by ${shownBy}` : `status ${word(status)}`,
    fields: {
      ...{ reportId: idIn(row, 'fileUuid'), reportName: textIn(row, 'reportName') },
      ...(status !== undefined && { status }),
    },
  }
}

/** The state of a report that was asked for. */
export async function newReportState(
  reportName: string,
  record: Input,
  list: Operation,
  lists: Lists<Operation>,
): Promise<NewState> {
  const { rows, isWhole } = await lists.first(list)
  const ids = [...idsOf(record), ...[idIn(record) ?? []].flat()]
  const answered = idIn(record, 'fileUuid') ?? idIn(record)
  const known =
    answered === undefined ? undefined : rows.find((row) => idsOf(row).some((id) => ids.includes(id)))
  if (known) return stateOf(known)
  if (answered !== undefined)
    return {
      text: isWhole
        ? `${shownBy} does not show it yet`
        : `${shownBy} shows only a part of the reports, without it`,
    }
  const named = rows.filter((row) => textIn(row, 'reportName') === reportName)
  const [only] = named
  if (only && named.length === 1 && isWhole) {
    const { text, fields } = stateOf(only)
    return {
      text: `the only report of this name is ${word(only['fileUuid'])}, ${text}`,
      fields: fields ?? {},
    }
  }
  return {
    text:
      named.length > 0
        ? `${counted(named.length, 'report')} of this name: which of them it is, is not told`
        : `${shownBy} does not show one of this name yet`,
  }
}

/** The state of a report that was deleted. */
export async function deletedReportState(
  reportId: string,
  list: Operation,
  lists: Lists<Operation>,
): Promise<NewState> {
  const { rows, isWhole } = await lists.first(list)
  const row = rows.find((one) => idsOf(one).includes(reportId))
  if (row)
    return {
      text: `BUT ${shownBy} still shows it, ${stateOf(row).text}: look again, it may take a while`,
      fields: { reportId, deleted: false },
    }
  const isSure = isWhole && rows.every((one) => idsOf(one).length > 0)
  return isSure
    ? { text: `${shownBy} no longer shows it`, fields: { reportId, deleted: true } }
    : { text: `whether it is gone is not known: ${shownBy} does not show all reports with their ids` }
}
