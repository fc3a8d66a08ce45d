import type { Operation } from '../../operation.ts'
import { type LocalFilter, localFilter } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { words } from '../fields.ts'
import type { CampaignReads } from '../people/campaign-recipients.ts'
import { normalizedName } from '../people/names.ts'
import { ExampleNames } from './example-names.ts'
import { apart, unknown } from './own-words.ts'
import { questionnaireColumns } from './questionnaire-columns.ts'

/** Keeps the questionnaires whose recipient is of a company: the whole name, in any case. */
export const ofCompany = (campaigns: CampaignReads): LocalFilter<Operation> =>
  localFilter(words(256), async (company, lists, input) => {
    const { value, notes } = await questionnaireColumns(campaigns).load(['company'], lists, input)
    const name = normalizedName(apart(company))
    const longer = new ExampleNames()
    let isKnown = false
    return {
      test: (row) => {
        const shown = value(row, 'company')
        if (typeof shown !== 'string' || shown === unknown) return undefined
        if (normalizedName(shown) !== name) {
          if (normalizedName(shown).includes(name)) longer.add(shown)
          return false
        }
        isKnown = true
        return true
      },
      needs: 'the company of their recipient',
      notes: () => [
        ...notes(),
        ...(isKnown
          ? []
          : [
              `Among the recipients of rows that pass the other inputs nobody is of ${inSentence(company)}. ${
                longer.isEmpty
                  ? 'How it is written: saq_search_users with companyContains.'
                  : `Companies with that in their names: ${longer.text}.`
              }`,
            ]),
      ],
    }
  })
