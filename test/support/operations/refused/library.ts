import type { Wrong } from './wrong.ts'

/** An import that could be made. */
export const library = {
  id: 234564,
  title: 'Import',
  categoryId: 1,
  typeId: 1,
  typeName: 'Custom Script',
  subType: 'Detection',
  approved: false,
}
const load = 'car_import_library_script'
const { approved: _approved, ...undecided } = library
const { subType: _librarySubType, ...untyped } = library

export const imports: Wrong = [
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
    { ...library, typeId: 2, typeName: 'Custom QID' },
    /The subType of a Custom QID is fixed\. Leave subType out/,
  ],
  ['no word on approval', load, undecided, /approved: must be true or false/],
  ['an unknown type', load, { ...library, typeId: 9 }, /car_list_script_types shows no id 9/],
  [
    'an unknown type’s name',
    load,
    { ...library, typeName: 'Script' },
    /must be one of Custom Script, Custom QID/,
  ],
]
