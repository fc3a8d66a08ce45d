import { z } from 'zod'
import { id, idNumber, oneOf, oneRecord, recordId, text, yesNo } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint } from '../sentences.ts'
import { typeReference } from './scripts.ts'
import { approvalAdvice, newScriptState } from './states/script.ts'
import { titled } from './states/words.ts'

export const importLibraryScript = operation({
  name: 'car_import_library_script',
  title: 'Import a library script',
  description:
    'Copy a script of the Qualys script library into the account; its id comes from the Qualys UI, no call lists the library',
  route: 'POST /sm/v2/script-library/import',
  effect: 'create',
  evidence: 'documented',
  source: 'car/api/script_library/import_scripts.htm',
  input: {
    id: id('of a library script, from the Qualys UI'),
    title: text(255),
    categoryId: id('of a category, from car_search_jobs'),
    typeId: id('from car_list_script_types'),
    typeName: oneOf(['Custom Script', 'Custom QID', 'Control ID Remediation']),
    subType: oneOf(['Detection', 'Response']).describe('only for Custom Script').optional(),
    approved: yesNo('import as approved, so that it may run at once'),
  },
  references: { type: typeReference },
  request: ({ id, title, categoryId, typeId, typeName, subType, approved }) => ({
    body: {
      ...{ id: idNumber(id), title, categoryId: idNumber(categoryId) },
      ...{ typeId: idNumber(typeId), typeName, subType, approved },
    },
  }),
  ...oneRecord(z.looseObject({ id: recordId.optional() })),
  change: {
    validate: ({ typeName, subType }) => {
      if (typeName === 'Custom Script' && subType === undefined)
        return 'A Custom Script needs a subType: pass Detection, or Response.'
      if (typeName !== 'Custom Script' && subType !== undefined)
        return `The subType of a ${typeName} is fixed: leave subType out.`
      return undefined
    },
    validateWith: ({ typeId, typeName }, { lookup }) => {
      const type = lookup('type', typeId)
      return type === undefined || type === typeName
        ? undefined
        : `typeId ${typeId} is ${type}, not ${typeName}: pass the pair as car_list_script_types shows it.`
    },
    targets: ({ typeId }) => ({ product: 'car', scriptTypes: [typeId] }),
    acts: ({ approved }) => (approved ? ['approve'] : []),
    effect: ({ approved }) => (approved ? 'execute' : 'create'),
    warnings: ({ approved }) => [
      'No call shows what a script of the library holds: only the Qualys UI does.',
      ...(approved ? ['It is imported as approved: nobody reviews it before it may run.'] : []),
    ],
    newState: async ({ id, title, typeName, subType, approved }, record) => {
      const { text, fields } = newScriptState(record, approved, title)
      const kind = subType === undefined ? typeName : `${typeName} (${subType})`
      return {
        text: `taken: library script ${id} as ${kind}; ${text}`,
        fields: { ...fields, libraryId: id, typeName, ...(subType !== undefined && { subType }) },
      }
    },
    summary: ({ id }, { title }) => `script ${idOrHint(id, 'car_search_scripts')}${titled(title)} imported`,
    next: ({ approved }, record) =>
      [approvalAdvice(record, approved), 'The library cannot be listed.']
        .filter((sentence) => sentence !== undefined)
        .join(' '),
    recovery: 'look for the title with car_search_scripts, newest first',
  },
})
