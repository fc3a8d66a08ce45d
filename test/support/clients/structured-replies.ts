import type { Conversation, Traits } from './host.ts'
import { call } from './reads-and-changes.ts'
import { type Check, type OfferedTool, quote, type Script, type Seen } from './scripted-model.ts'

// QUALYS_REPLY=json: what the model reads of it, and values copied from a row into the next call.

type Row = Readonly<Record<string, unknown>>

const rowsIn = ({ structured }: Seen): readonly Row[] => (structured?.['rows'] ?? []) as readonly Row[]

/** True if the model has the rows, or a sentence that says where they are. */
const tellsRows = ({ text, all }: Seen): boolean =>
  /"rows\\?":\[/.test(all) || text.includes('structuredContent')

export function structuredReplies(traits: Traits): Conversation {
  function* begin(_offered: readonly OfferedTool[], check: Check): Script {
    const first = yield call('car_search_jobs', { pageSize: 2 })
    check(tellsRows(first), `The model reads neither rows nor where they are: ${quote(first.text)}.`)
    if (traits.rowsFor !== 'nobody') {
      const [row = {}] = rowsIn(first)
      check(rowsIn(first).length === 2, 'The structured content does not have its 2 rows.')
      for (const name of ['id', 'scriptId'])
        check(
          typeof row[name] === 'string',
          `${name} of a structured row is a ${typeof row[name]}, its input a string.`,
        )
      const hosts = yield call('car_search_asset_jobs', { jobId: row['id'], pageSize: 1 })
      check(rowsIn(hosts).length === 1, `id of a structured row is refused as jobId: ${quote(hosts.text)}.`)
      const script = yield call('car_get_script', { scriptId: row['scriptId'] })
      check(rowsIn(script).length === 1, `scriptId of a structured row is refused: ${quote(script.text)}.`)
      const continuationToken = first.structured?.['continuationToken']
      const second = yield call('car_search_jobs', { pageSize: 2, continuationToken })
      const ids = new Set([...rowsIn(first), ...rowsIn(second)].map(({ id }) => id))
      check(ids.size === 4, 'The structured continuationToken does not lead to other rows.')
    }
    const { text, all } = yield call('qualys_export', { tool: 'car_search_jobs', format: 'csv' })
    const names = all.includes('qualys://exports/') && (traits.isRemote || /File: \/|"file\\?":/.test(all))
    check(names, `The model reads neither the file of an export nor its address: ${quote(text)}.`)
    return 'done'
  }
  const person = () => ({ action: 'decline' as const })
  return { name: 'json', settings: { QUALYS_REPLY: 'json' }, begin, person, mayRepeat: true }
}
