import { readFile, rm } from 'node:fs/promises'
import type { Draw } from '../fuzz/draw.ts'
import type { Answer, Caller } from './caller.ts'
import { difference, type Expectations, type List, wrongRows } from './expectations.ts'
import type { Row } from './sandbox-process.ts'

/** A change that was asked for, and how it was answered. */
export interface Effect {
  readonly title: string
  readonly answered: 'done' | 'unclear' | 'not done'
}

/** What calls are made with. */
export interface Fixtures {
  readonly caller: Caller
  readonly draw: Draw
  readonly expectations: Expectations
  readonly effects: Effect[]
  /** True once it is time to stop. */
  readonly over: () => boolean
}

const mostTries = 12

/** A signal that gives a call up after some time, seldom. */
function patience(draw: Draw): AbortSignal | undefined {
  return draw.chance(6) ? AbortSignal.timeout(5 + draw.below(400)) : undefined
}

const pageArgs = ({ args, fields }: List, pageSize: number, continuationToken?: string): object => ({
  ...args,
  fields,
  pageSize,
  ...(continuationToken !== undefined && { continuationToken }),
})

/** The first page of a list. */
async function page({ caller, draw, expectations }: Fixtures): Promise<void> {
  const list = draw.of(expectations.lists)
  const pageSize = 1 + draw.below(60)
  const answer = await caller.call(list.tool, pageArgs(list, pageSize), false, patience(draw))
  if (answer.is !== 'rows') return
  for (const wrong of wrongRows(list, answer.rows, 0)) caller.wrong(`${list.tool}: ${wrong}`)
  const due = Math.min(pageSize, list.order.length)
  if (answer.rows.length !== due) caller.wrong(`${list.tool}: ${answer.rows.length} rows instead of ${due}`)
}

/** A whole list, page by page; what goes wrong on the way is asked for once more with the same token. */
async function walkOf(
  caller: Caller,
  list: List,
  size: () => number,
  over: () => boolean,
): Promise<readonly Row[] | undefined> {
  const rows: Row[] = []
  let token: string | undefined
  for (let tries = 0; tries < mostTries && !over(); ) {
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

async function walk({ caller, draw, expectations, over }: Fixtures): Promise<void> {
  const list = draw.of(expectations.lists)
  const rows = await walkOf(caller, list, () => 20 + draw.below(181), over)
  if (!rows) return
  for (const wrong of wrongRows(list, rows, 0)) caller.wrong(`a walk of ${list.tool}: ${wrong}`)
  if (rows.length !== list.order.length)
    caller.wrong(`a walk of ${list.tool} ended after ${rows.length} of ${list.order.length} rows`)
}

/** Walks every list once while nothing goes wrong: they must hold what the sandbox says, and their order is kept. */
export async function survey({ caller, expectations }: Fixtures): Promise<void> {
  for (const list of expectations.lists) {
    const rows =
      (await walkOf(
        caller,
        list,
        () => 200,
        () => false,
      )) ?? []
    list.order = rows.map((row) => String(row['id']))
    for (const wrong of wrongRows(list, rows, 0)) caller.wrong(`${list.tool}: ${wrong}`)
    const same = new Set(list.order).size === list.order.length && list.order.length === list.truth.size
    if (!same || list.truth.size === 0)
      caller.wrong(
        `${list.tool} ${JSON.stringify(list.args)} has ${list.order.length} rows instead of ${list.truth.size}`,
      )
  }
}

async function count({ caller, draw, expectations }: Fixtures): Promise<void> {
  const [tool, args, due] = draw.of([
    ['car_count_jobs', { groupBy: ['platform'] }, expectations.jobsByPlatform],
    ['saq_count_users', {}, { count: expectations.users.size }],
    ['saq_count_questionnaires', {}, { count: expectations.questionnaires }],
  ] as const)
  const answer = await caller.call(tool, args, false, patience(draw))
  if (answer.is !== 'rows') return
  const told = Object.fromEntries(
    answer.rows.map((row) => [String(row['platform'] ?? 'count'), Number(row['count'])]),
  )
  for (const [name, number] of Object.entries(due))
    if (told[name] !== number) caller.wrong(`${tool}: ${name} is ${told[name]} instead of ${number}`)
}

async function get({ caller, draw, expectations }: Fixtures): Promise<void> {
  const [tool, input, records, fields] = draw.of([
    ['car_get_script', 'scriptId', expectations.scripts, ['id', 'title', 'platform', 'severity', 'status']],
    ['saq_get_user', 'userId', expectations.users, ['id', 'lastName', 'emailAddress', 'company']],
    [
      'saq_get_campaign',
      'campaignId',
      expectations.campaigns,
      ['id', 'name', 'workflowType', 'template.name'],
    ],
  ] as const)
  const id = draw.of([...records.keys()])
  const answer = await caller.call(tool, { [input]: id }, false, patience(draw))
  if (answer.is !== 'rows') return
  const wrong = difference(answer.rows[0] ?? {}, records.get(id), fields)
  if (wrong !== undefined) caller.wrong(`${tool}: ${wrong}`)
}

/** All jobs in a file. */
async function exported({ caller, draw, expectations }: Fixtures): Promise<void> {
  const [jobs] = expectations.lists
  const answer = await caller.call(
    'qualys_export',
    { tool: 'car_search_jobs', format: 'jsonl' },
    false,
    patience(draw),
  )
  if (!jobs || answer.is !== 'rows') return
  const file = String(answer.rows[0]?.['file'])
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  await rm(file)
  const ids = lines.map((line) => String((JSON.parse(line) as Row)['id']))
  if (ids.join() !== jobs.order.join())
    caller.wrong(`an export has ${ids.length} rows instead of ${jobs.order.length}`)
}

/** A script that nobody else makes: at the end each is looked for. */
async function create({ caller, draw, effects }: Fixtures): Promise<void> {
  const title = `soak ${effects.length + 1}`
  const at = effects.push({ title, answered: 'unclear' }) - 1
  const script = { title, typeId: 1, subType: 'Detection', languageId: 201, platform: 'WINDOWS', severity: 2 }
  const answer = await caller.call(
    'car_create_script',
    { ...script, content: 'Get-PSDrive' },
    true,
    patience(draw),
  )
  if (answer.is === 'cancelled') return
  const answered = answer.is === 'rows' ? 'done' : answer.kind === 'unclear' ? 'unclear' : 'not done'
  effects[at] = { title, answered }
}

async function status({ caller, draw }: Fixtures): Promise<void> {
  await caller.call('qualys_status', {}, false, patience(draw))
}

const kinds = [
  [30, page],
  [18, walk],
  [14, count],
  [20, get],
  [6, exported],
  [8, create],
  [4, status],
] as const

/** Makes one call after the other. */
export async function work(fixtures: Fixtures): Promise<void> {
  while (!fixtures.over())
    await fixtures.draw.weighted<(fixtures: Fixtures) => Promise<void>>(kinds)(fixtures)
}

/** What the sandbox holds of what was done: nothing twice, what was done once, what was not done not at all. */
export function wrongEffects(effects: readonly Effect[], scripts: readonly Row[]): string[] {
  return effects.flatMap(({ title, answered }) => {
    const times = scripts.filter((script) => script['title'] === title).length
    const fits = answered === 'unclear' ? times <= 1 : times === (answered === 'done' ? 1 : 0)
    return fits ? [] : [`${title} is there ${times} times, and was answered as ${answered}`]
  })
}
