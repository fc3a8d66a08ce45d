import { unseen } from '../../../shared/characters/unseen.ts'
import { InputError } from '../../../shared/errors.ts'

/** The formats that files are read in, by the ending of the name. */
export type ImportFormat = 'csv' | 'json'

/** File systems take no longer name. */
const maxLength = 255

/** Windows opens a device under these names, whatever the ending (learn.microsoft.com, "Naming Files"). */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[. ]|$)/i

const unseenCharacter = new RegExp(`[\\p{C}${unseen}]`, 'u')

/** What is wrong with a name, as the end of "The name of the file …"; undefined if nothing is. */
function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty'
  if (unseenCharacter.test(name)) return 'holds characters that nobody sees'
  if (/[/\\]/.test(name)) return 'has a folder in it'
  // A drive letter, or a stream of another file.
  if (name.includes(':')) return 'has a colon in it'
  if (name.startsWith('.')) return 'begins with a dot'
  if (/[. ]$/.test(name)) return 'ends with a dot or a blank'
  if (deviceName.test(name)) return 'is the name of a device'
  return Buffer.byteLength(name) > maxLength ? 'is longer than a name can be' : undefined
}

/** The format that a name says. */
function formatOf(name: string): ImportFormat | undefined {
  const ending = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase()
  return ending === 'csv' || ending === 'json' ? ending : undefined
}

/** True for the name of a file that may be imported. */
export const isImportName = (name: string): boolean =>
  nameProblem(name) === undefined && formatOf(name) !== undefined

/** The format of the file with this name. Throws an InputError for a name that is not one of the folder alone. */
export function requireName(name: string): ImportFormat {
  const problem = nameProblem(name)
  if (problem !== undefined)
    throw new InputError(
      `The name of the file ${problem}.`,
      'Pass the name alone of a file in the import folder of the operator, such as "people.csv".',
    )
  const format = formatOf(name)
  if (format === undefined)
    throw new InputError(
      'The name of the file ends neither in .csv nor in .json.',
      'Save the list as CSV, with the names of the columns in the first line, or as JSON.',
    )
  return format
}
