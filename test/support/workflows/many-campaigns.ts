import type { Answer, SentRequest } from '../operations/memory.ts'
import { daysAgo, type Fields, people as recipientsOf, serviceResponse } from './campaigns.ts'

// Many campaigns of the same people, as an upstream in memory, and the same facts counted by brute force.

export interface TestPerson {
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly company: string
  readonly emailAddress: string
}

export interface TestRow {
  readonly id: number
  readonly person: TestPerson
  state: string
}

export interface TestCampaign {
  readonly id: number
  readonly name: string
  readonly status: string
  /** Days past the due date; negative before it. */
  readonly days: number
  readonly rows: TestRow[]
  /** Recipients without a questionnaire. */
  readonly unsent: readonly TestPerson[]
}

/** What an upstream shows. */
export interface Shape {
  readonly recipients?: boolean
  /** Recipients without ids and e-mail addresses. */
  readonly recipientIds?: boolean
  readonly campaignOfRow?: 'named' | 'id' | 'none'
  readonly dueDateOfRow?: boolean
  readonly dueDateOfCampaign?: boolean
  readonly userCompany?: boolean
  /** Called before each answer; its result is the answer, if there is one. */
  readonly onRequest?: (sent: SentRequest) => Answer | undefined
}

const states = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'CLOSED', 'CANCELED', 'INCOMPLETE']
export const isOpen = ({ state }: TestRow): boolean => states.slice(0, 3).includes(state)
export const isLate = (row: TestRow, { days }: TestCampaign): boolean => isOpen(row) && days > 0

/** Numbers below `max`, the same for the same seed. */
function drawing(seed: number): (max: number) => number {
  let state = seed
  return (max) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * max)
  }
}

/** People, of whom one in ten has the name of another one. */
export function drawPeople(count: number, seed = 1): TestPerson[] {
  const draw = drawing(seed)
  return Array.from({ length: count }, (_, at) => ({
    id: 1_000 + at,
    firstName: `Ann${at % 10 === 9 ? at - 1 - draw(5) : at}`,
    lastName: 'Lee',
    company: `Company ${draw(15)}`,
    emailAddress: `p${at}@x.example`,
  }))
}

/** Campaigns, each with some of the people. */
export function drawCampaigns(
  count: number,
  people: readonly TestPerson[],
  size: number,
  seed = 1,
): TestCampaign[] {
  const draw = drawing(seed)
  return Array.from({ length: count }, (_, at) => {
    const start = draw(people.length)
    const those = Array.from(
      { length: size },
      (_, next) => people[(start + next) % people.length] as TestPerson,
    )
    return {
      id: 10 + at,
      name: `Audit ${at}`,
      status: 'ACTIVE',
      days: at % 4 === 3 ? -5 : 1 + draw(100),
      rows: those.map((person, row) => ({
        id: (at + 1) * 100_000 + ((row * 7) % size),
        person,
        state: states[draw(at % 2 === 0 ? states.length : 3)] ?? '',
      })),
      unsent: [],
    }
  })
}

const nameOf = ({ firstName, lastName }: TestPerson): string => `${firstName} ${lastName}`

function criteria(body: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...body.matchAll(/<Criteria field="([\w.]+)" operator="\w+">([^<]*)</g)].map(
      ([, field = '', value = '']) => [field, value.split(',')],
    ),
  )
}

/** A page of rows, by offset. */
function page(name: string, rows: readonly Fields[], body: string): Answer {
  const numberIn = (pattern: RegExp, other: number): number => Number(pattern.exec(body)?.[1] ?? other)
  const from = numberIn(/<startFromOffset>(\d+)</, 1) - 1
  const size = numberIn(/<limitResults>(\d+)</, 100)
  const shown = rows.slice(from, from + size)
  return {
    body: serviceResponse(name, shown, from + shown.length < rows.length),
    contentType: 'application/xml',
  }
}

/** The answers of a Qualys with these campaigns. */
export function manyCampaigns(
  people: readonly TestPerson[],
  campaigns: readonly TestCampaign[],
  shape: Shape = {},
): (sent: SentRequest) => Answer {
  const { recipients = true, recipientIds = true, campaignOfRow = 'named', userCompany = true } = shape
  const { dueDateOfRow = true, dueDateOfCampaign = true } = shape
  const recipient = ({ id, emailAddress, ...rest }: TestPerson): Fields =>
    recipientIds ? { id, emailAddress, ...rest } : rest
  const campaignFields = ({ id, name, status, days, rows, unsent }: TestCampaign): Fields => ({
    id,
    name,
    status,
    workflowType: 'FULL',
    ...(dueDateOfCampaign && { dueDate: daysAgo(days) }),
    ...(recipients && {
      recipients: recipientsOf([...rows.map(({ person }) => person), ...unsent].map(recipient)),
    }),
  })
  const rowFields = ({ id, name, days }: TestCampaign, row: TestRow): Fields => ({
    id: row.id,
    title: `${name} - ${nameOf(row.person)}`,
    state: row.state,
    ...(dueDateOfRow && { dueDate: daysAgo(days) }),
    ...(campaignOfRow !== 'none' && { campaign: campaignOfRow === 'id' ? { id } : { id, name } }),
  })
  return (sent) => {
    const { path, body } = sent
    const answer = shape.onRequest?.(sent)
    if (answer) return answer
    const wanted = criteria(body)
    const has = (field: string, value: number | string): boolean =>
      wanted[field]?.includes(String(value)) ?? true
    const [, id] = /\/get\/saq\/questionnairecampaign\/(\d+)$/.exec(path) ?? []
    if (id !== undefined)
      return page(
        'QuestionnaireCampaign',
        campaigns.filter((each) => String(each.id) === id).map(campaignFields),
        '',
      )
    if (path.endsWith('/search/saq/questionnairecampaign')) {
      const found = campaigns.filter((each) => has('status', each.status) && has('id', each.id))
      return page('QuestionnaireCampaign', found.map(campaignFields), body)
    }
    if (path.endsWith('/search/saq/user')) {
      const found = people.filter((person) => has('id', person.id))
      const shown = found.map(({ company, ...rest }) => (userCompany ? { company, ...rest } : rest))
      return page('User', shown, body)
    }
    const rows = campaigns
      .filter((each) => has('campaign.id', each.id))
      .flatMap((each) => each.rows.map((row) => rowFields(each, row)))
    return page('Questionnaire', rows, body)
  }
}

/** True if it can be told who is late of the people with this name: all are, or none but one has the name. */
function isCertain(campaign: TestCampaign, name: string, crowd: readonly TestPerson[]): boolean {
  const namesakes = crowd.filter((person) => nameOf(person) === name)
  if (namesakes.length <= 1) return true
  const rows = campaign.rows.filter(({ person }) => nameOf(person) === name)
  return rows.length === namesakes.length && rows.every((row) => isLate(row, campaign))
}

/** Ids of the campaigns in which each person is certainly late, of those late in several. `users`: known by name alone. */
export function expectedLateInSeveral(
  campaigns: readonly TestCampaign[],
  users?: readonly TestPerson[],
): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const campaign of campaigns) {
    const crowd = users ?? campaign.rows.map(({ person }) => person)
    for (const row of campaign.rows)
      if (isLate(row, campaign) && isCertain(campaign, nameOf(row.person), crowd)) {
        const id = String(row.person.id)
        found.set(id, [...(found.get(id) ?? []), String(campaign.id)])
      }
  }
  return new Map([...found].filter(([, ids]) => ids.length > 1))
}

/** Closed, open and canceled questionnaires, and those in a state that no page explains. */
type Counts = [closed: number, open: number, canceled: number, unknown: number]

/** The questionnaires of each company, and of unknown ones under ''. */
export function expectedCompanies({ rows, unsent }: TestCampaign): Map<string, Counts> {
  const crowd = [...rows.map(({ person }) => person), ...unsent]
  const counts = new Map(crowd.map(({ company }): [string, Counts] => [company, [0, 0, 0, 0]]))
  const kindOf = (row: TestRow): 0 | 1 | 2 | 3 => {
    if (isOpen(row)) return 1
    if (row.state === 'CLOSED') return 0
    return row.state === 'CANCELED' ? 2 : 3
  }
  for (const row of rows) {
    const namesakes = crowd.filter((person) => nameOf(person) === nameOf(row.person))
    const theirs = rows.filter(({ person }) => nameOf(person) === nameOf(row.person))
    const isOneCompany = new Set(namesakes.map(({ company }) => company)).size === 1
    const isAlike = theirs.length === namesakes.length && new Set(theirs.map(kindOf)).size === 1
    const key = isOneCompany || isAlike ? row.person.company : ''
    const count = counts.get(key) ?? [0, 0, 0, 0]
    count[kindOf(row)]++
    counts.set(key, count)
  }
  return counts
}
