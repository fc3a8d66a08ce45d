import { RowTally } from '../columns/row-tally.ts'

type Row = Readonly<Record<string, unknown>>

/** Why rows of recipients do not show more. */
export const clauses = {
  asUser: 'the record shows no id, so the row shows the only user with the name',
  noUser: 'no user has the name',
  noUserRead: 'no user with the name was read',
  severalUsers: 'several users have the name, so id and e-mail address are unknown',
  notApart: 'others have the same name and no record shows ids, so they cannot be told apart',
  namesakes: 'others have the same name, so whose questionnaire is whose is unknown',
  several: 'several questionnaires that do not agree',
  noName: 'no record shows the name, so which questionnaire is theirs is unknown',
  noCompany: 'no record shows the company',
  mayBeSent:
    'no questionnaire was found, and not all could be read or name somebody: whether one was sent is unknown',
  strangers: 'people who are not in it, removed or renamed since',
  nameless: 'the title does not name anybody behind the name of the campaign',
  noDueDate: 'open, and no record shows the due date, so whether it is late is unknown',
} as const

/** Reasons for a company or an id that is missing; the others are about questionnaires. */
const ofPeople: ReadonlySet<string> = new Set([
  clauses.asUser,
  clauses.noUser,
  clauses.noUserRead,
  clauses.severalUsers,
  clauses.notApart,
  clauses.noCompany,
])

const gapsOf = ({ gaps }: Row): readonly string[] => (Array.isArray(gaps) ? gaps.map(String) : [])

/** Why a row shows no company: the first reason leads to the others. */
export const companyGaps = (row: Row): readonly string[] =>
  gapsOf(row)
    .filter((gap) => ofPeople.has(gap) && gap !== clauses.asUser)
    .slice(0, 1)

/** Why a row does not show the state of the questionnaire, or whether it is late. */
export const questionnaireGaps = (row: Row): readonly string[] =>
  gapsOf(row).filter((gap) => !ofPeople.has(gap))

/** How many rows do not show something, and why, one sentence each. */
export function gapNotes(rows: readonly Row[]): readonly string[] {
  const tally = new RowTally('recipient')
  for (const row of rows) for (const gap of gapsOf(row)) tally.add(row, gap)
  return tally.notes
}
