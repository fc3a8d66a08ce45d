import { isObject } from '../../json-object.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { completedPerson, type Person, personOf, SharedPeople } from './person.ts'

type Row = Readonly<Record<string, unknown>>

/** How campaigns are read, as a list and with all their recipients, and how users are. */
export interface CampaignReads {
  readonly list: Operation
  readonly users: Operation
  readonly search: Operation
  readonly get: Operation
}

/** What records of people must show; users are looked up by id for what campaigns leave out. */
export type PersonField = 'name' | 'company' | 'emailAddress'

/** The recipients of campaigns, as far as they were read. */
export interface CampaignRecipients {
  /** Undefined if the campaign's record shows none, or was not read. */
  readonly of: (campaignId: string) => readonly Person[] | undefined
  /** True if there is a launched campaign without them. */
  readonly areMissing: boolean
  /** What was not read, one sentence each. */
  readonly notes: readonly string[]
}

const maxCampaigns = 1_000
/** Over all campaigns. */
const maxRecipients = 100_000
/** Campaigns that are read one by one, if the list does not show their recipients and a single record does. */
const maxSingleReads = 20
/** Users that are looked up by id for what records of campaigns do not show. */
const maxLookups = 10_000

const idOf = ({ id }: Row): string => (id === undefined ? '' : String(id))

class CampaignReader {
  readonly #lists: Lists<Operation>
  readonly #shared = new SharedPeople()
  readonly people = new Map<string, readonly Person[]>()
  /** Launched campaigns whose records show no recipients. */
  readonly hidden: string[] = []
  /** Campaigns that were read. */
  count = 0
  #recipients = 0
  isCut = false

  constructor(lists: Lists<Operation>) {
    this.#lists = lists
  }

  get #isFull(): boolean {
    return this.count === maxCampaigns || this.#recipients >= maxRecipients
  }

  async walk(search: Operation, input: Input): Promise<void> {
    for await (const rows of this.#lists.walk(search, input, ['id', 'status', 'recipients']))
      for (const row of rows) {
        if (this.#isFull) {
          this.isCut = true
          return
        }
        this.count++
        if (!this.#add(idOf(row), row['recipients']) && row['status'] !== 'INACTIVE')
          this.hidden.push(idOf(row))
      }
  }

  /** Reads single records, if the first of them shows what the list does not. */
  async readHidden(get: Operation): Promise<void> {
    if (this.people.size > 0) return
    for (const campaignId of this.hidden.slice(0, maxSingleReads)) {
      const record = await this.#lists.attempt(() => this.#lists.read(get, { campaignId }))
      if (record === undefined || 'bytes' in record || idOf(record) !== campaignId) return
      if (!this.#add(campaignId, record['recipients'])) return
    }
  }

  #add(campaignId: string, recipients: unknown): boolean {
    if (!Array.isArray(recipients)) return false
    const people = recipients.filter(isObject).map((row) => this.#shared.shared(personOf(row)))
    this.#recipients += people.length
    this.people.set(campaignId, people)
    return true
  }
}

/** The users whom campaigns do not show with all fields that are needed, and which of them were not looked up. */
async function usersOf(
  users: Operation,
  people: Iterable<readonly Person[]>,
  fields: readonly PersonField[],
  lists: Lists<Operation>,
) {
  const ids = new Set<string>()
  for (const group of people)
    for (const person of group)
      if (person.id !== '' && fields.some((field) => person[field] === '')) ids.add(person.id)
  const first = [...ids].slice(0, maxLookups)
  const none: ReadonlyMap<string, Row> = new Map()
  if (first.length === 0) return { byId: none, notes: [] }
  const byId = await lists.attempt(() => lists.find(users, first))
  const notes = [
    ...(byId ? [] : ['The list of users could not be read.']),
    ...(byId && ids.size > maxLookups
      ? [`Of the users, ${maxLookups.toLocaleString('en')} were looked up by id, and no more.`]
      : []),
  ]
  return { byId: byId ?? none, notes }
}

/** People with what users show besides, and what was not read. */
async function completedPeople<Key>(
  users: Operation,
  people: ReadonlyMap<Key, readonly Person[]>,
  fields: readonly PersonField[],
  lists: Lists<Operation>,
) {
  const { byId, notes } = await usersOf(users, people.values(), fields, lists)
  if (byId.size === 0) return { of: (key: Key) => people.get(key), notes }
  const shared = new SharedPeople()
  const completed = (person: Person): Person => {
    const user = byId.get(person.id)
    return user ? shared.shared(completedPerson(person, personOf(user))) : person
  }
  return { of: (key: Key) => people.get(key)?.map(completed), notes }
}

/** Reads the campaigns that some input finds, with all their recipients. */
export async function readRecipients(
  reads: CampaignReads,
  input: Input,
  lists: Lists<Operation>,
  fields: readonly PersonField[] = ['name', 'company'],
): Promise<CampaignRecipients> {
  const reader = new CampaignReader(lists)
  const isRead = await lists.attempt(async () => {
    await reader.walk(reads.search, input)
    return true
  })
  await reader.readHidden(reads.get)
  const people = await completedPeople(reads.users, reader.people, fields, lists)
  return {
    of: people.of,
    areMissing: isRead === undefined || reader.isCut || reader.hidden.some((id) => !reader.people.has(id)),
    notes: [
      ...(isRead === undefined ? ['The list of campaigns could not be read.'] : []),
      ...(reader.isCut
        ? [`Of the campaigns, ${reader.count.toLocaleString('en')} were read, and no more.`]
        : []),
      ...people.notes,
    ],
  }
}

/** The recipients in the record of one campaign, and what was not read. */
export interface OwnRecipients {
  /** Undefined if neither the record nor the list of campaigns shows any. */
  readonly people: readonly Person[] | undefined
  readonly notes: readonly string[]
}

/** The recipients of a campaign whose record was read with `reads.get`. */
export async function recipientsIn(
  record: Row,
  reads: CampaignReads,
  lists: Lists<Operation>,
  fields: readonly PersonField[],
): Promise<OwnRecipients> {
  const id = idOf(record)
  const { recipients } = record
  if (!Array.isArray(recipients)) {
    const { of, notes } = await readRecipients(reads, { id: [id] }, lists, fields)
    return { people: of(id), notes }
  }
  const entries = recipients.map((entry: unknown) => personOf(isObject(entry) ? entry : { id: entry }))
  const shown = new Map([[id, entries]])
  const { of, notes } = await completedPeople(reads.users, shown, fields, lists)
  return { people: of(id), notes }
}
