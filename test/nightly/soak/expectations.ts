import type { Row, SandboxProcess } from './sandbox-process.ts'

/** A list as the server pages it, beside the rows of the sandbox. */
export interface List {
  readonly tool: string
  readonly args: Row
  readonly fields: readonly string[]
  readonly rowsById: ReadonlyMap<string, Row>
  /** Ids in the order of the list, once it was walked without faults. */
  order: readonly string[]
}

const at = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Row | undefined)?.[name], row)

const byId = (rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [String(row['id']), row]))

const countBy = (rows: readonly Row[], path: string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[String(at(row, path))] = (counts[String(at(row, path))] ?? 0) + 1
  return counts
}

/** What the sandbox holds and no call here changes: answers have to agree with it. */
export interface Expectations {
  readonly lists: readonly List[]
  readonly scripts: ReadonlyMap<string, Row>
  readonly users: ReadonlyMap<string, Row>
  readonly campaigns: ReadonlyMap<string, Row>
  readonly jobsByPlatform: Readonly<Record<string, number>>
  readonly questionnaires: number
}

const company = 'Nimbus Logistics'
const word = 'bitlocker'
const scriptId = 19218

/** Reads the rows of the sandbox. */
export async function expectationsOf({ dump }: SandboxProcess): Promise<Expectations> {
  const [jobs, assets, users, questionnaires, scripts, campaigns] = (await Promise.all(
    ['jobs', 'assets', 'users', 'questionnaires', 'scripts', 'campaigns'].map(dump),
  )) as [Row[], Row[], Row[], Row[], Row[], Row[]]
  const [campaign] = campaigns.filter(({ id }) =>
    questionnaires.some(({ campaignId }) => String(campaignId) === String(id)),
  )
  const list = (tool: string, args: Row, fields: readonly string[], rows: readonly Row[]): List => ({
    tool,
    args,
    fields: ['id', ...fields],
    rowsById: byId(rows),
    order: [],
  })
  const ofJob = ['title', 'platform', 'scriptId', 'executionType', 'severity']
  const isOf = ({ title }: Row): boolean => String(title).toLowerCase().includes(word)
  return {
    lists: [
      list('car_search_jobs', {}, ofJob, jobs),
      list(
        'car_search_jobs',
        { scriptId },
        ofJob,
        jobs.filter((job) => job['scriptId'] === scriptId),
      ),
      list('car_search_jobs', { match: word }, ofJob, jobs.filter(isOf)),
      list('car_search_assets', {}, ['name', 'platform', 'ipAddress', 'operatingSystem'], assets),
      list(
        'saq_search_users',
        { company },
        ['lastName', 'company', 'emailAddress'],
        users.filter((user) => user['company'] === company),
      ),
      list(
        'saq_search_questionnaires',
        { campaignId: [String(campaign?.['id'])] },
        ['title'],
        questionnaires.filter(({ campaignId }) => campaignId === campaign?.['id']),
      ),
    ],
    scripts: byId(scripts),
    users: byId(users),
    campaigns: byId(campaigns),
    jobsByPlatform: countBy(jobs, 'platform'),
    questionnaires: questionnaires.length,
  }
}

/** The text as it is shown: without terminal commands and invisible characters. */
const shownText = (value: unknown): string =>
  String(value ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it begins what is looked for
    .replace(/\u001b\[[\d;]*m/g, '')
    .replace(/\p{Cf}/gu, '')

/** How a row differs from the stored one; undefined when they agree. Compared as text, since XML has no numbers. */
export function difference(row: Row, stored: Row | undefined, fields: readonly string[]): string | undefined {
  if (!stored) return `there is no ${String(row['id'])}`
  const other = fields.find((field) => String(row[field] ?? '') !== shownText(at(stored, field)))
  return other === undefined
    ? undefined
    : `${String(row['id'])}: ${other} is ${JSON.stringify(row[other])} instead of ${JSON.stringify(at(stored, other))}`
}

/** Errors in rows of a list that should start at `from`. */
export function wrongRows(list: List, rows: readonly Row[], from: number): string[] {
  const ids = rows.map((row) => String(row['id']))
  const due = list.order.slice(from, from + rows.length)
  return [
    ...(ids.join() === due.join()
      ? []
      : [`rows ${from + 1}-${from + rows.length} are ${ids.join()} instead of ${due.join()}`]),
    ...rows.flatMap((row) => difference(row, list.rowsById.get(String(row['id'])), list.fields) ?? []),
  ]
}
