import type { Input } from '../../../../operations/operation.ts'
import type { Row } from '../../../../session/answer.ts'
import { counted } from '../../../../shared/format.ts'
import { objectsIn, textOrEmpty as text } from '../../../../shared/json.ts'
import type { Target } from '../../targets/lookup.ts'
import { labelled, type PreviewField, type PreviewTable } from '../preview.ts'
import { tableOf, targetRows } from './rows.ts'

// People, each by id, name, company and address; empty where Qualys shows nothing.

const nameOf = (row: Row | undefined): string =>
  [text(row?.['firstName']), text(row?.['lastName'])].filter((part) => part !== '').join(' ')

export const personFields = ({ id, row }: Target): string[] => [
  id,
  nameOf(row),
  text(row?.['company']),
  text(row?.['emailAddress']),
]

export const personLine = (label: string, target: Target | undefined): PreviewField | undefined =>
  target && labelled(label, ...personFields(target))

const personColumns = [
  ['name', ({ row }: Target) => nameOf(row)],
  ['company', ({ row }: Target) => text(row?.['company'])],
  ['address', ({ row }: Target) => text(row?.['emailAddress'])],
] as const

export const personRows = (noun: string, people: readonly Target[]): PreviewTable[] =>
  targetRows(noun, people, personColumns)

/** Users who are changed or deleted themselves, with what they lose. */
export const userRows = (users: readonly Target[]): PreviewTable[] => [
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
const companyRows = (noun: string, people: readonly Target[]): PreviewTable[] =>
  tableOf(
    `companies of the ${noun}`,
    ['company', 'people'],
    countWords(people.map(({ row }) => text(row?.['company']))).map(([company, count]) => [
      company,
      counted(count, 'person').replace(/persons$/, 'people'),
    ]),
  )

/** People, first by company and then one by one. */
export const groupRows = (noun: string, people: readonly Target[]): PreviewTable[] => [
  ...companyRows(noun, people),
  ...personRows(noun, people),
]

/** Names of tags; as JSON where one holds what would part it, so that no two lists look the same. */
function tagNames({ tags }: Row): string {
  if (!Array.isArray(tags)) return ''
  const names = tags.map(String)
  return names.some((name) => /[,"]/.test(name)) ? JSON.stringify(names) : names.join(', ')
}

/** The columns that all new users have, and those that some of them have. */
const newUserColumns: readonly (readonly [name: string, read: (row: Row) => string])[] = [
  ['name', nameOf],
  ['company', ({ company }) => text(company)],
  ['address', ({ emailAddress }) => text(emailAddress)],
]
const rareColumns: typeof newUserColumns = [
  ['title', ({ title }) => text(title)],
  ['tags', tagNames],
]

/** New users appear nowhere else, so each is shown in full. */
export function newUserTables({ users }: Input): PreviewTable[] {
  const rows = objectsIn(users)
  const columns = [
    ...newUserColumns,
    ...rareColumns.filter(([, read]) => rows.some((row) => read(row) !== '')),
  ]
  return [
    ...companyRows(
      'users',
      rows.map((row) => ({ id: '', row })),
    ),
    ...tableOf(
      'users',
      columns.map(([name]) => name),
      rows.map((row) => columns.map(([, read]) => read(row))),
    ),
  ]
}
