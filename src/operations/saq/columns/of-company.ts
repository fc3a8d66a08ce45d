import type { Operation } from '../../operation.ts'
import { type LocalFilter, localFilter, type Verdict } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { words } from '../fields.ts'
import type { CampaignReads } from '../people/campaign-recipients.ts'
import { normalizedName } from '../people/names.ts'
import { ExampleNames } from './example-names.ts'
import { apart, unknown } from './own-words.ts'
import { questionnaireColumns } from './questionnaire-columns.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * Whether rows are of a company: the whole name, in any case. `companyOf`: undefined for a row that shows none.
 * `spelled`: the company as `companyOf` would spell it.
 */
export function companyTest(
  company: string,
  companyOf: (row: Row) => string | undefined,
  spelled: string = company,
) {
  const name = normalizedName(spelled)
  const longer = new ExampleNames()
  let isKnown = false
  return {
    test: (row: Row): Verdict => {
      const shown = companyOf(row)
      if (shown === undefined) return undefined
      if (normalizedName(shown) !== name) {
        if (normalizedName(shown).includes(name)) longer.add(shown)
        return false
      }
      isKnown = true
      return true
    },
    notes: (): readonly string[] =>
      isKnown
        ? []
        : [
            `Among the recipients of rows that pass the other inputs nobody is of ${inSentence(company)}. ${
              longer.isEmpty
                ? 'How it is written: saq_search_users with companyContains.'
                : `Companies with that in their names: ${longer.text}.`
            }`,
          ],
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
    const compared = companyTest(company, shownCompany, apart(company))
    return {
      test: compared.test,
      needs: 'the company of their recipient',
      notes: () => [...notes(), ...compared.notes()],
    }
  })
