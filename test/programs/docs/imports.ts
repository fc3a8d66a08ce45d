import type { ImportColumn } from '../../../src/operations/effects/file-import.ts'
import { questionColumns } from '../../../src/operations/saq/imports/question-columns.ts'
import { userColumns } from '../../../src/operations/saq/imports/user-columns.ts'
import { code, table } from './table.ts'

// Blocks about files that are imported.

const columnTable = (columns: readonly ImportColumn[]): string =>
  table(
    ['input', 'required', 'other names'],
    columns.map(({ input, isRequired, names }) => [code(input), isRequired ? 'yes' : '', names.join(', ')]),
  )

export const userColumnTable = (): string => columnTable(userColumns)
export const questionColumnTable = (): string => columnTable(questionColumns)
