import type { Row } from '../../../../session/answer.ts'
import { counted } from '../../../../shared/format.ts'
import { objectsIn, textOrEmpty as text } from '../../../../shared/json.ts'
import type { Target } from '../../targets/lookup.ts'
import { line, type PreviewRows } from '../preview.ts'
import { rowsOf, targetRows } from './rows.ts'

// People, each by id, name, company and address; empty where Qualys shows nothing.

export const nameOf = (row: Row | undefined): string =>
  [text(row?.['firstName']), text(row?.['lastName'])].filter((part) => part !== '').join(' ')

export const personFields = ({ id, row }: Target): string[] => [
  id,
  nameOf(row),
  text(row?.['company']),
  text(row?.['emailAddress']),
]

export const personLine = (label: string, target: Target | undefined): string | undefined =>
  target && line(label, ...personFields(target))

const personColumns = [
  ['name', ({ row }: Target) => nameOf(row)],
  ['company', ({ row }: Target) => text(row?.['company'])],
  ['address', ({ row }: Target) => text(row?.['emailAddress'])],
] as const

export const personRows = (noun: string, people: readonly Target[]): PreviewRows[] =>
  targetRows(noun, people, personColumns)

/** Users who are changed or deleted themselves, with what they lose. */
export const userRows = (users: readonly Target[]): PreviewRows[] => [
  ...companyRows('users', users),
  ...targetRows('users', users, [
    ...personColumns,
    ['title', ({ row }) => text(row?.['title'])],
    [
      'tags',
      ({ row }) =>
        objectsIn(row?.['tags'])
          .map(({ name }) => text(name))
          .join(', '),
    ],
  ]),
]

/** The distinct words with their counts, most frequent first. */
function countWords(words: readonly string[]): readonly (readonly [word: string, count: number])[] {
  const countByWord = new Map<string, number>()
  for (const word of words) countByWord.set(word, (countByWord.get(word) ?? 0) + 1)
  return [...countByWord].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

/** How many of the people each company has, most first; the company is empty where Qualys shows none. */
export const companyRows = (noun: string, people: readonly Target[]): PreviewRows[] =>
  rowsOf(
    `companies of the ${noun} (company, people)`,
    countWords(people.map(({ row }) => text(row?.['company']))).map(([company, count]) => [
      company,
      counted(count, 'person').replace(/persons$/, 'people'),
    ]),
  )

/** People, first by company and then one by one. */
export const groupRows = (noun: string, people: readonly Target[]): PreviewRows[] => [
  ...companyRows(noun, people),
  ...personRows(noun, people),
]
