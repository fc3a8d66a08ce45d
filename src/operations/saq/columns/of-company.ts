import type { Operation } from '../../operation.ts'
import { type LocalFilter, localFilter, type Verdict } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { words } from '../fields.ts'
import type { CampaignReads } from '../people/campaign-recipients.ts'
import { normalizedName } from '../people/names.ts'
import { NearestNames } from './nearest-names.ts'
import { apart, unknown } from './own-words.ts'
import { questionnaireColumns } from './questionnaire-columns.ts'

type Row = Readonly<Record<string, unknown>>

/** How rows are compared with a company. */
interface Comparison {
  /** Undefined for a row that shows none. */
  readonly companyOf: (row: Row) => string | undefined
  /** The company as `companyOf` would spell it. */
  readonly spelled?: string
  /** The input of the call. */
  readonly input: Row
}

/** Whether rows are of a company: the whole name, in any case. */
export function companyTest(company: string, { companyOf, spelled = company, input }: Comparison) {
  const name = normalizedName(spelled)
  const others = new NearestNames(spelled)
  let isFound = false
  let hasUnknown = false
  const notes = (): readonly string[] => {
    // Those of the company may all be on the pages before.
    if (isFound || input['continuationToken'] !== undefined) return []
    const { text } = others
    const whose = hasUnknown ? 'recipient whose company is known' : 'recipient looked at'
    const next =
      text === ''
        ? '. saq_search_users with companyContains shows how it is written'
        : `; the nearest: ${text}`
    return [`No ${whose} is of ${inSentence(company)}${next}.`]
  }
  return {
    test: (row: Row): Verdict => {
      const shown = companyOf(row)
      if (shown === undefined) {
        hasUnknown = true
        return undefined
      }
      if (normalizedName(shown) !== name) {
        others.add(shown)
        return false
      }
      isFound = true
      return true
    },
    notes,
  }
}

/** Keeps the questionnaires whose recipient is of a company: the whole name, in any case. */
export const ofCompany = (campaigns: CampaignReads): LocalFilter<Operation> =>
  localFilter(words(256), async (company, lists, input) => {
    const { value, notes } = await questionnaireColumns(campaigns).load(['company'], lists, input)
    const shownCompany = (row: Row): string | undefined => {
      const shown = value(row, 'company')
      return typeof shown === 'string' && shown !== unknown ? shown : undefined
    }
    const compared = companyTest(company, { companyOf: shownCompany, spelled: apart(company), input })
    return {
      test: compared.test,
      needs: 'the company of their recipient',
      notes: () => [...notes(), ...compared.notes()],
    }
  })
