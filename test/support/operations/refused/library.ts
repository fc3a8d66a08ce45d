import type { RefusedCalls } from './refused-call.ts'

/** An import that would succeed. */
export const validImport = {
  id: 234564,
  title: 'Import',
  categoryId: 1,
  typeId: 1,
  typeName: 'Custom Script',
  subType: 'Detection',
  approved: false,
}
const load = 'car_import_library_script'
const { approved: _approved, ...undecided } = validImport
const { subType: _librarySubType, ...untyped } = validImport

export const imports: RefusedCalls = [
  [
    'a type under another name',
    load,
    { ...untyped, typeName: 'Custom QID' },
    /typeId 1 is Custom Script, not C/,
  ],
  ['no subType', load, untyped, /A Custom Script needs a subType\. Pass Detection, or Response/],
  [
    'a subType that is fixed',
    load,
    { ...validImport, typeId: 2, typeName: 'Custom QID' },
    /The subType of a Custom QID is fixed\. Leave subType out/,
  ],
  ['no word on approval', load, undecided, /approved: must be true or false/],
  ['an unknown type', load, { ...validImport, typeId: 9 }, /car_list_script_types shows no id 9/],
  [
    'an unknown type’s name',
    load,
    { ...validImport, typeName: 'Script' },
    /must be one of Custom Script, Custom QID/,
  ],
]
