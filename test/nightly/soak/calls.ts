import { readFile, rm } from 'node:fs/promises'
import type { SeededRandom } from '../fuzz/seeded-random.ts'
import type { Answer, Caller } from './caller.ts'
import { difference, type Expectations, type List, wrongRows } from './expectations.ts'
import type { Row } from './sandbox-process.ts'

/** A requested change, and how it was answered. */
export interface Effect {
  readonly title: string
  readonly answered: 'done' | 'unclear' | 'not done'
}

/** What calls are made with. */
export interface Fixtures {
  readonly caller: Caller
  readonly random: SeededRandom
  readonly expectations: Expectations
  readonly effects: Effect[]
  /** True once it is time to stop. */
  readonly isOver: () => boolean
}

const maxTries = 12

/** Rarely, a signal that cancels the call after some time. */
function seldomTimeout(random: SeededRandom): AbortSignal | undefined {
  return random.chance(6) ? AbortSignal.timeout(5 + random.below(400)) : undefined
}

const pageArgs = ({ args, fields }: List, pageSize: number, continuationToken?: string): object => ({
  ...args,
  fields,
  pageSize,
  ...(continuationToken !== undefined && { continuationToken }),
})

/** The first page of a list. */
async function firstPage({ caller, random, expectations }: Fixtures): Promise<void> {
  const list = random.of(expectations.lists)
  const pageSize = 1 + random.below(60)
  const answer = await caller.call(list.tool, pageArgs(list, pageSize), false, seldomTimeout(random))
  if (answer.is !== 'rows') return
  for (const wrong of wrongRows(list, answer.rows, 0)) caller.wrong(`${list.tool}: ${wrong}`)
  const due = Math.min(pageSize, list.order.length)
  if (answer.rows.length !== due) caller.wrong(`${list.tool}: ${answer.rows.length} rows instead of ${due}`)
}

/** A whole list, page by page; a failed page is requested once more with the same token. */
async function walkPages(
  caller: Caller,
  list: List,
  size: () => number,
  over: () => boolean,
): Promise<readonly Row[] | undefined> {
  const rows: Row[] = []
  let token: string | undefined
  for (let tries = 0; tries < maxTries && !over(); ) {
    const answer: Answer = await caller.call(list.tool, pageArgs(list, size(), token), false)
    if (answer.is !== 'rows') {
      tries++
      continue
    }
    tries = 0
    rows.push(...answer.rows)
    if (answer.token === undefined) return rows
    token = answer.token
  }
  return undefined
}

async function walkList({ caller, random, expectations, isOver }: Fixtures): Promise<void> {
  const list = random.of(expectations.lists)
  const rows = await walkPages(caller, list, () => 20 + random.below(181), isOver)
  if (!rows) return
  for (const wrong of wrongRows(list, rows, 0)) caller.wrong(`a walk of ${list.tool}: ${wrong}`)
  if (rows.length !== list.order.length)
    caller.wrong(`a walk of ${list.tool} ended after ${rows.length} of ${list.order.length} rows`)
}

/** Walks every list once without faults: they must hold the rows of the sandbox, and their order is remembered. */
export async function walkEveryList({ caller, expectations }: Fixtures): Promise<void> {
  for (const list of expectations.lists) {
    const rows =
      (await walkPages(
        caller,
        list,
        () => 200,
        () => false,
      )) ?? []
    list.order = rows.map((row) => String(row['id']))
    for (const wrong of wrongRows(list, rows, 0)) caller.wrong(`${list.tool}: ${wrong}`)
    const same = new Set(list.order).size === list.order.length && list.order.length === list.rowsById.size
    if (!same || list.rowsById.size === 0)
      caller.wrong(
        `${list.tool} ${JSON.stringify(list.args)} has ${list.order.length} rows instead of ${list.rowsById.size}`,
      )
  }
}

async function countRows({ caller, random, expectations }: Fixtures): Promise<void> {
  const [tool, args, due] = random.of([
    ['car_count_jobs', { groupBy: ['platform'] }, expectations.jobsByPlatform],
    ['saq_count_users', {}, { count: expectations.users.size }],
    ['saq_count_questionnaires', {}, { count: expectations.questionnaires }],
  ] as const)
  const answer = await caller.call(tool, args, false, seldomTimeout(random))
  if (answer.is !== 'rows') return
  const counts = Object.fromEntries(
    answer.rows.map((row) => [String(row['platform'] ?? 'count'), Number(row['count'])]),
  )
  for (const [name, number] of Object.entries(due))
    if (counts[name] !== number) caller.wrong(`${tool}: ${name} is ${counts[name]} instead of ${number}`)
}

async function getRecord({ caller, random, expectations }: Fixtures): Promise<void> {
  const [tool, input, records, fields] = random.of([
    ['car_get_script', 'scriptId', expectations.scripts, ['id', 'title', 'platform', 'severity', 'status']],
    ['saq_get_user', 'userId', expectations.users, ['id', 'lastName', 'emailAddress', 'company']],
    [
      'saq_get_campaign',
      'campaignId',
      expectations.campaigns,
      ['id', 'name', 'workflowType', 'template.name'],
    ],
  ] as const)
  const id = random.of([...records.keys()])
  const answer = await caller.call(tool, { [input]: id }, false, seldomTimeout(random))
  if (answer.is !== 'rows') return
  const wrong = difference(answer.rows[0] ?? {}, records.get(id), fields)
  if (wrong !== undefined) caller.wrong(`${tool}: ${wrong}`)
}

/** All jobs in a file. */
async function exportJobs({ caller, random, expectations }: Fixtures): Promise<void> {
  const [jobs] = expectations.lists
  const answer = await caller.call(
    'qualys_export',
    { tool: 'car_search_jobs', format: 'jsonl' },
    false,
    seldomTimeout(random),
  )
  if (!jobs || answer.is !== 'rows') return
  const [{ file, uri } = {}] = answer.rows as readonly { file?: string; uri?: string }[]
  // A caller on another machine gets the address alone.
  const text = file === undefined ? await caller.read(String(uri)) : await readFile(file, 'utf8')
  if (file !== undefined) await rm(file)
  const ids = text
    .trimEnd()
    .split('\n')
    .map((line) => String((JSON.parse(line) as Row)['id']))
  if (ids.join() !== jobs.order.join())
    caller.wrong(`an export has ${ids.length} rows instead of ${jobs.order.length}`)
}

/** Creates a script with a unique title; all of them are checked at the end. */
async function createScript({ caller, random, effects }: Fixtures): Promise<void> {
  const title = `soak ${effects.length + 1}`
  const at = effects.push({ title, answered: 'unclear' }) - 1
  const script = { title, typeId: 1, subType: 'Detection', languageId: 201, platform: 'WINDOWS', severity: 2 }
  const answer = await caller.call(
    'car_create_script',
    { ...script, content: 'Get-PSDrive' },
    true,
    seldomTimeout(random),
  )
  if (answer.is === 'cancelled') return
  const answered = answer.is === 'rows' ? 'done' : answer.kind === 'unclear' ? 'unclear' : 'not done'
  effects[at] = { title, answered }
}

async function getStatus({ caller, random }: Fixtures): Promise<void> {
  await caller.call('qualys_status', {}, false, seldomTimeout(random))
}

const kinds = [
  [30, firstPage],
  [18, walkList],
  [14, countRows],
  [20, getRecord],
  [6, exportJobs],
  [8, createScript],
  [4, getStatus],
] as const

/** Makes one call after the other. */
export async function work(fixtures: Fixtures): Promise<void> {
  while (!fixtures.isOver())
    await fixtures.random.weighted<(fixtures: Fixtures) => Promise<void>>(kinds)(fixtures)
}

/** Errors in the stored effects: none may exist twice, done ones exist once, refused ones not at all. */
export function wrongEffects(effects: readonly Effect[], scripts: readonly Row[]): string[] {
  return effects.flatMap(({ title, answered }) => {
    const times = scripts.filter((script) => script['title'] === title).length
    const fits = answered === 'unclear' ? times <= 1 : times === (answered === 'done' ? 1 : 0)
    return fits ? [] : [`${title} is there ${times} times, and was answered as ${answered}`]
  })
}
