import type { NewState } from '../../../operations/effects/new-state.ts'
import { listed } from '../../../operations/saq/fields.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { BusyError, InputError, type QualysError, UnclearError } from '../../../shared/errors.ts'
import { formatNumber, texts } from '../../../shared/format.ts'
import { isId, objectsIn, textOrEmpty } from '../../../shared/json.ts'
import type { ToolContext } from '../../tool.ts'
import { addressKey, findByAddress, oneSearchFor } from '../targets/addresses.ts'
import { readPage, toTarget } from '../targets/lookup.ts'
import { look } from './look.ts'
import { readRowsNow } from './saq/rows-now.ts'
import { describeUser } from './saq/user.ts'
import type { SentEffect } from './sent-effect.ts'

const maxNamed = 50
/** A group with more addresses is not named if it is the largest: it is what the others leave. */
const maxNamedLargest = 10

const lookUpAdvice = 'look with saq_search_users and emailAddress, or by company'

/** The addresses of a list, by what became of them. */
interface Findings {
  readonly total: number
  /** They exist now and did not before. */
  readonly created: readonly string[]
  readonly existedBefore: readonly string[]
  readonly absent: readonly string[]
  /** False if it is not known which existed before: those count as created. */
  readonly isBeforeKnown: boolean
}

function newAddresses({ targets }: SentEffect): readonly string[] {
  return targets.product === 'saq' ? (targets.named.newAddresses ?? []) : []
}

/** The addresses as they were before the call, and as `existing` says they are now. */
function compare(effect: SentEffect, existing: ReadonlySet<string>): Findings {
  const { targets } = effect
  const addresses = newAddresses(effect)
  const before = targets.product === 'saq' ? targets.existingUsers : undefined
  const keys = new Set(before?.map(({ row }) => addressKey(row?.['emailAddress'])))
  const isIn = (set: ReadonlySet<string>) => (address: string) => set.has(addressKey(address))
  const isNew = (address: string): boolean => !isIn(keys)(address)
  return {
    total: addresses.length,
    created: addresses.filter((address) => isNew(address) && isIn(existing)(address)),
    existedBefore: addresses.filter(isIn(keys)),
    absent: addresses.filter((address) => isNew(address) && !isIn(existing)(address)),
    isBeforeKnown: before !== undefined,
  }
}

/** The findings after a look-up; undefined if it fails or there is no time left for it. */
async function lookUp(effect: SentEffect, context: ToolContext): Promise<Findings | undefined> {
  try {
    const users = await findByAddress(context, newAddresses(effect))
    return users && compare(effect, new Set(users.map(({ row }) => addressKey(row?.['emailAddress']))))
  } catch (error) {
    if (error instanceof CallTimeoutError) return undefined
    throw error
  }
}

/** What became of the addresses, in one clause; `absence` says it of those that are not there. */
function describe(
  { total, created, existedBefore, absent, isBeforeKnown }: Findings,
  absence: string,
): string {
  const groups: readonly (readonly [clause: string, addresses: readonly string[]])[] = [
    [isBeforeKnown ? 'created' : 'there now, perhaps from before', created],
    ['there before', existedBefore],
    [absence, absent],
  ]
  const [largest] = [...groups].sort(([, a], [, b]) => b.length - a.length)
  const clauses = groups.map((group) => {
    const [clause, addresses] = group
    const isNamed = addresses.length <= maxNamedLargest || group !== largest
    const names = isNamed ? ` (${listed(addresses, maxNamed)})` : ''
    return addresses.length > 0 && `${formatNumber(addresses.length)} ${clause}${names}`
  })
  return `of ${formatNumber(total)} address${total === 1 ? '' : 'es'}: ${texts(...clauses).join('; ')}`
}

/** The findings for the reply and for programs. */
function stateOf(findings: Findings, absence: string): NewState {
  const { created, existedBefore, absent, isBeforeKnown } = findings
  const there = { [isBeforeKnown ? 'created' : 'there']: created.length }
  return {
    text: describe(findings, absence),
    fields: { ...there, thereBefore: existedBefore.length, notSeen: absent },
  }
}

/** More users than one request shows are not looked through. */
const maxUsers = 1_000

/** The users of one search, if one can show them all. */
async function searchOnce({ args, targets }: SentEffect, context: ToolContext, clock: Clock) {
  const addresses = newAddresses({ args, targets })
  const companies = objectsIn(args['users']).map(({ company }) => textOrEmpty(company))
  const where = oneSearchFor(addresses, companies)
  if (!where) return undefined
  const { found } = await look(context, clock, (limited) =>
    readPage(limited, searchUsers, { ...where, pageSize: maxUsers }),
  )
  // Rows without addresses prove nothing.
  const rows = found?.rows ?? []
  const isShown = rows.length === 0 || rows.some((row) => addressKey(row['emailAddress']) !== '')
  return found && isShown ? { rows, isWhole: !found.hasMore && found.leftOut === undefined } : undefined
}

/** A new user as a record shows it. */
function newUserState({ args }: SentEffect, row: Row, context: ToolContext): NewState | undefined {
  const [sent] = objectsIn(args['users'])
  const state = sent && describeUser(sent, toTarget(context, String(row['id']), row), context, false)
  return state && state.text !== '' ? state : undefined
}

/** A new user of whom Qualys' answer shows the id alone. */
async function newUserNow(
  effect: SentEffect,
  id: string,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const { found, failure } = await readRowsNow(context, clock, searchUsers, [id])
  const row = found?.rows.get(id)?.raw
  return row
    ? newUserState(effect, row, context)
    : { text: `its state ${failure ?? 'is not shown yet'}: look with saq_get_user`, fields: { id } }
}

/** Which users of a list Qualys created; they are looked up if its answer does not name each of them. */
export async function verifyAddresses(
  effect: SentEffect,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const users = Array.isArray(record['all']) ? objectsIn(record['all']) : [record]
  const named = compare(effect, new Set(users.map((user) => addressKey(user['emailAddress']))))
  if (named.total === 1 && named.absent.length === 1 && isId(record['id']))
    return newUserNow(effect, String(record['id']), context, clock)
  const isAllNamed = named.absent.length === 0
  if (isAllNamed)
    return named.existedBefore.length > 0
      ? stateOf(named, 'not there')
      : named.total === 1
        ? newUserState(effect, record, context)
        : undefined
  const search = await searchOnce(effect, context, clock)
  if (!search) return { text: `which of them exist now could not be looked up: ${lookUpAdvice}` }
  const { rows, isWhole } = search
  const findings = compare(effect, new Set(rows.map((row) => addressKey(row['emailAddress']))))
  const [only] = findings.created
  const row = rows.find(({ emailAddress }) => addressKey(emailAddress) === addressKey(only))
  if (findings.total === 1 && findings.isBeforeKnown && row) {
    const { text, fields } = newUserState(effect, row, context) ?? {}
    const it = `it is user ${inSentence(context.session.redact(String(row['id'])), 40)}`
    return { text: texts(it, text).join(', '), ...(fields && { fields }) }
  }
  return stateOf(findings, isWhole ? 'not there' : 'not seen among the first users')
}

/** Adds to an unclear outcome what was found. An address that is not there may still appear. */
export async function explainUnclearAddresses(
  effect: SentEffect,
  error: UnclearError,
  context: ToolContext,
): Promise<UnclearError> {
  const findings = await lookUp(effect, context)
  if (!findings) return error
  return new UnclearError(
    `${error.message} Looked up since, ${describe(findings, 'not seen yet')}.`,
    findings.absent.length === 0
      ? 'Do not repeat it: all of them are there.'
      : `Do not repeat it; ${lookUpAdvice}, before any that are not seen are sent: they may still appear.`,
    error.details,
  )
}

/** Adds to a refusal which of the users were created nevertheless: no page says that Qualys takes all or none. */
export async function explainRefusedAddresses(
  effect: SentEffect,
  error: QualysError,
  context: ToolContext,
): Promise<QualysError> {
  const RefusalError = error.kind === 'input' ? InputError : error.kind === 'busy' ? BusyError : undefined
  if (!RefusalError) return error
  const findings = await lookUp(effect, context)
  if (!findings)
    return new RefusalError(
      `${error.message} Which of the addresses exist now could not be looked up.`,
      `${error.next} Before that ${lookUpAdvice}: Qualys may have created some.`.trim(),
      error.details,
    )
  const exists = findings.created.length + findings.existedBefore.length > 0
  return new RefusalError(
    `${error.message} Looked up since, ${describe(findings, 'not there')}.`,
    exists && findings.absent.length > 0 ? `Leave out those that exist. ${error.next}`.trim() : error.next,
    error.details,
  )
}
