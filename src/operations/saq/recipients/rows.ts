import { counted } from '../../sentences.ts'
import { stateClause } from '../columns/questionnaire-columns.ts'
import { companyOfAll } from '../people/company.ts'
import { recipientInTitle } from '../people/names.ts'
import { completedPerson, type Person } from '../people/person.ts'
import type { PersonTable } from '../people/person-table.ts'
import { type RecipientEntry, recipientEntries } from '../people/recipient-entries.ts'
import { clauses } from './gaps.ts'
import { nothingKnown, nothingSent, type Standing, standingOf, stateOf, unknown } from './standing.ts'

type Row = Readonly<Record<string, unknown>>

/** What rows of recipients are made of, besides the record of the campaign. */
export interface RecipientSources {
  readonly campaignName: string
  /** True if the campaign is not launched, so that nobody was mailed. */
  readonly isInactive: boolean
  readonly questionnaires: readonly Row[]
  /** False if there may be questionnaires besides. */
  readonly areAllQuestionnaires: boolean
  /** Users by name, for people whose id no record shows; absent if they were not read. */
  readonly users: PersonTable | undefined
  /** False if there may be users besides. */
  readonly areAllUsers: boolean
  readonly now: number
}

const nobody: Person = { id: '', name: '', company: '', emailAddress: '' }

const shown = (person: Person): Row =>
  Object.fromEntries(Object.entries(person).filter(([, value]) => value !== ''))

/** A row while reasons are added to it why it does not show more. */
class Draft {
  readonly #row: Row
  readonly #gaps = new Set<string>()

  constructor(row: Row) {
    this.#row = row
  }

  /** `clause`: what is true of the recipient, behind a colon. */
  addGap(clause: string): void {
    this.#gaps.add(clause)
  }

  get hasCompany(): boolean {
    return this.#row['company'] !== undefined
  }

  get row(): Row {
    return this.#gaps.size === 0 ? this.#row : { ...this.#row, gaps: [...this.#gaps] }
  }
}

/** Makes the rows of recipients. */
export class RecipientRows {
  readonly #sources: RecipientSources
  #nameless = 0
  #strangers = 0

  constructor(sources: RecipientSources) {
    this.#sources = sources
  }

  /** What is true of the list, one sentence each. */
  get notes(): readonly string[] {
    return [
      ...(this.#nameless > 0
        ? [`${counted(this.#nameless, 'questionnaire')} of the campaign: ${clauses.nameless}.`]
        : []),
      ...(this.#strangers > 0
        ? [
            `After the recipients in the record: ${counted(this.#strangers, 'questionnaire')} of ${clauses.strangers}.`,
          ]
        : []),
    ]
  }

  /** One row for each person in the record, then those whom only questionnaires name. */
  fromRecord(people: readonly Person[]): readonly Row[] {
    const { questionnaires, campaignName } = this.#sources
    const { entries, strangers, nameless } = recipientEntries(people, questionnaires, campaignName)
    this.#nameless = nameless.length
    this.#strangers = strangers.length
    return [
      ...entries.map((entry) => this.#recipient(entry)),
      ...strangers.map((questionnaire) => this.#named(questionnaire, nobody).row),
    ]
  }

  /** One row for each questionnaire: the user with the name in its title. */
  fromTitles(): readonly Row[] {
    return this.#sources.questionnaires.map((questionnaire) => {
      const name = this.#nameIn(questionnaire)
      const user = name === undefined ? undefined : this.#userNamed({ ...nobody, name }, true)
      const draft = this.#named(questionnaire, user?.person ?? nobody)
      if (!user) draft.addGap(clauses.nameless)
      else if (user.found === 0) draft.addGap(this.#sources.areAllUsers ? clauses.noUser : clauses.noUserRead)
      else if (user.found > 1) draft.addGap(clauses.severalUsers)
      if (user && user.found > 0 && !draft.hasCompany) draft.addGap(clauses.noCompany)
      return draft.row
    })
  }

  #recipient(entry: RecipientEntry): Row {
    const { person, questionnaires, namesakes } = entry
    const isByName = person.id === '' && person.name !== '' && this.#sources.users !== undefined
    const user = isByName ? this.#userNamed(person, namesakes === 1) : undefined
    const standing = this.#standing(entry)
    const draft = new Draft({ ...shown(user?.person ?? person), ...standing })
    if (user?.found === 1 && namesakes === 1) draft.addGap(clauses.asUser)
    else if (user && user.found > 1 && namesakes === 1) draft.addGap(clauses.severalUsers)
    if (namesakes > 1 && person.id === '') draft.addGap(clauses.notApart)
    if (person.name === '') draft.addGap(clauses.noName)
    else if (standing === nothingKnown) draft.addGap(clauses.mayBeSent)
    else if (standing.state === unknown && namesakes > 1) draft.addGap(clauses.namesakes)
    else if (standing.state === unknown && questionnaires.length > 1) draft.addGap(clauses.several)
    if (!draft.hasCompany) draft.addGap(clauses.noCompany)
    addQuestionnaireGaps(draft, questionnaires, standing)
    return draft.row
  }

  /** The row of one questionnaire. */
  #named(questionnaire: Row, user: Person): Draft {
    const person = { ...user, name: user.name || (this.#nameIn(questionnaire) ?? '') }
    const entry = { person, questionnaires: [questionnaire], namesakes: 1 }
    const standing = standingOf(entry, this.#sources.now)
    const draft = new Draft({ ...shown(person), ...standing })
    addQuestionnaireGaps(draft, [questionnaire], standing)
    return draft
  }

  /** The name in a title as it is there: what replies leave out of it is searched for secrets before. */
  #nameIn({ title }: Row): string | undefined {
    return typeof title === 'string' ? recipientInTitle(title, this.#sources.campaignName) : undefined
  }

  #standing(entry: RecipientEntry): Standing {
    const { isInactive, areAllQuestionnaires, questionnaires, now } = this.#sources
    if (entry.questionnaires.length > 0) return standingOf(entry, now)
    if (isInactive) return nothingSent
    // A launched campaign has sent some: if none can be seen, the account may not see them.
    const mayBeSent = this.#nameless > 0 || !areAllQuestionnaires || questionnaires.length === 0
    return mayBeSent || entry.person.name === '' ? nothingKnown : nothingSent
  }

  /** Somebody of whom only the name is sure, with what users of that name have in common. */
  #userNamed(person: Person, isAlone: boolean): { readonly person: Person; readonly found: number } {
    const users = this.#sources.users?.find(person.name) ?? []
    const [first] = users
    if (first && users.length === 1 && isAlone) return { person: completedPerson(person, first), found: 1 }
    const shared = users.length > 0 ? companyOfAll(users) : undefined
    const company = shared && 'company' in shared ? shared.company : ''
    return { person: { ...person, company: person.company || company }, found: users.length }
  }
}

/** Adds what is unknown although it is known whose questionnaires they are. */
function addQuestionnaireGaps(draft: Draft, [first]: readonly Row[], standing: Standing): void {
  const { state, turn, daysOverdue } = standing
  if (!first) return
  if (state === unknown && turn === unknown && stateOf(first) === unknown) draft.addGap(stateClause(first))
  else if (state !== unknown && turn === unknown)
    draft.addGap(`${stateClause(first)}, so turn and lateness are unknown`)
  else if (state !== unknown && daysOverdue === unknown) draft.addGap(clauses.noDueDate)
}
