import { companyOf } from '../../../../operations/saq/people/company.ts'
import type { People } from '../../../../operations/saq/people/people.ts'
import { recipientNameOf } from '../../../../operations/saq/people/recipient-entries.ts'
import type { Row } from '../../../../session/answer.ts'
import { missingFrom } from '../shared/contact.ts'
import { Namesakes } from '../shared/namesakes.ts'
import { kindOf, noStates, type StateCounts, type StateKind } from '../shared/state-counts.ts'

/** Why the company of a questionnaire is unknown. */
const reasons = {
  untitled: 'the title does not name the recipient',
  nobody: 'no user has the name in the title',
  unfound: 'none of the users that could be read has the name in the title',
  unread: 'the users were not read',
  'not a recipient': 'the name in the title is not among the recipients',
  nameless: 'the name in the title is not among the recipients whose names are shown',
  several: 'people of this name are in different companies',
  'no company': 'no record shows the company',
} as const

type Reason = keyof typeof reasons

/** The counts of one company. */
export interface CompanyStates extends StateCounts {
  readonly company: string
}

/** The counts of each company of a campaign. */
export interface CompanyCounts {
  /** Most open first. */
  readonly companies: readonly CompanyStates[]
  /** Questionnaires whose company is unknown, and why: number and clause. */
  readonly unknown: StateCounts & { readonly why: readonly (readonly [count: number, clause: string])[] }
}

const nameOf = (company: string): string => company.replace(/\s+/g, ' ').trim()

/** Counts the questionnaires of a campaign by the company of their recipients. Keeps only counts. */
export class CompanyTally {
  readonly #people: People
  readonly #campaignId: string
  readonly #campaignName: string
  readonly #hasRecipients: boolean
  readonly #companies = new Map<string, StateCounts>()
  /** People of one name in different companies. */
  readonly #namesakes: Namesakes<StateKind>
  readonly #unknown = noStates()
  readonly #why = new Map<Reason, number>()

  constructor(people: People, campaignId: string, campaignName: string) {
    this.#people = people
    this.#namesakes = new Namesakes(people)
    this.#campaignId = campaignId
    this.#campaignName = campaignName
    const recipients = people.recipientsOf(campaignId)
    this.#hasRecipients = recipients !== undefined
    // Companies of which nobody has a questionnaire count as well.
    for (const { company } of recipients ?? []) if (nameOf(company) !== '') this.#statesOf(company)
  }

  add(row: Row): void {
    const kind = kindOf(row)
    const name = recipientNameOf(row, this.#campaignName)
    if (name === undefined) {
      this.#addUnknown('untitled', kind)
      return
    }
    const bearers = this.#people.find(this.#campaignId, name)
    const finding = companyOf(bearers)
    if ('company' in finding) this.#addKnown(finding.company, kind)
    else if (finding.problem === 'several') this.#namesakes.add(name, bearers, kind)
    else if (finding.problem === 'no company') this.#addUnknown('no company', kind)
    else this.#addUnknown(this.#reasonFor(missingFrom(bearers, this.#hasRecipients) ?? 'nobody'), kind)
  }

  /** The counts of all questionnaires that were added; to be called once. */
  counts(): CompanyCounts {
    for (const { people, counts, agreed } of this.#namesakes.settle())
      if (agreed) for (const person of people) this.#addKnown(person.company, agreed)
      else for (const [kind, count] of counts) this.#addUnknown('several', kind, count)
    const companies = [...this.#companies]
      .map(([company, states]) => ({ company, ...states }))
      .sort(
        (one, other) =>
          other.open - one.open ||
          other.closed - one.closed ||
          (one.company < other.company ? -1 : Number(one.company > other.company)),
      )
    const why = [...this.#why].map(([reason, count]) => [count, reasons[reason]] as const)
    return { companies, unknown: { ...this.#unknown, why } }
  }

  #reasonFor(missing: ReturnType<typeof missingFrom> & string): Reason {
    return missing === 'nobody' && this.#people.notes.length > 0 ? 'unfound' : missing
  }

  #statesOf(company: string): StateCounts {
    const name = nameOf(company)
    const states = this.#companies.get(name) ?? noStates()
    this.#companies.set(name, states)
    return states
  }

  #addKnown(company: string, kind: StateKind): void {
    if (nameOf(company) === '') this.#addUnknown('no company', kind)
    else this.#statesOf(company)[kind]++
  }

  #addUnknown(reason: Reason, kind: StateKind, count = 1): void {
    this.#unknown[kind] += count
    this.#why.set(reason, (this.#why.get(reason) ?? 0) + count)
  }
}
