import { type Account, firstManager, scopedUser, secondManager } from '../accounts.ts'
import type { Random } from '../random.ts'
import {
  abc,
  abcEmployees,
  companies,
  firstNames,
  firstTagId,
  jobTitles,
  lastNames,
  newVendors,
  ownCompany,
  tagNames,
} from './names.ts'
import type { User, UserTag } from './rows.ts'

/** Ranges of ids: first id and length. They include the ids in the vendor's samples. */
const blocks = [
  [338_000, 2_600],
  [71_060_000, 1_100],
  [89_360_000, 1_000],
  [713_089_000, 200],
  [767_230_000, 97],
] as const

type Cast = Partial<Omit<User, 'id' | 'uuid'>>

const colleague = (firstName: string, lastName: string, userName: string, title: string): Cast => ({
  firstName,
  lastName,
  company: ownCompany,
  emailAddress: `${firstName}.${lastName}@acme.example`.toLowerCase(),
  userName,
  title,
})

/**
 * Users that occur in samples: the reviewer, the approver and the recipient of the campaign pages, and
 * others.
 */
const cast: Readonly<Record<number, Cast>> = {
  339590: { firstName: 'responder', lastName: 'r', company: 'Contoso Cloud' },
  400591: { firstName: 'Anna', lastName: 'Berg', company: 'Harbour Cloud', title: 'dev' },
  401990: { firstName: 'Vendor', lastName: 'Contact', company: 'Kestrel Payroll' },
  71077391: colleague('Ravi', 'Iyer', 'acme_ri3', 'Risk Analyst'),
  89375990: colleague('Anne', 'Lefort', 'acme_al4', 'Head of Compliance'),
  713091591: { firstName: 'Jane', lastName: 'Roe', company: 'Bluestone Logistics' },
  767231592: { firstName: 'John', lastName: 'Doe', company: 'Bluestone Logistics' },
}
export const reviewerId = 71077391
export const approverId = 89375990
export const sampleRecipientId = 339590

const managers: readonly (readonly [Account, Cast])[] = [
  [firstManager, colleague('Alex', 'Berger', firstManager.username, 'IT Security Manager')],
  [secondManager, colleague('Carmen', 'Diaz', secondManager.username, 'Vendor Manager')],
  [scopedUser, colleague('Eva', 'Marino', scopedUser.username, 'Vendor Manager EMEA')],
]

export const userTags: readonly UserTag[] = tagNames.map((name, place) => ({ id: firstTagId + place, name }))

/** 5,000 users, sorted by id. Names repeat, as in reality; addresses do not. */
export function makeUsers(random: Random): User[] {
  const taken = new Map<string, number>()
  const ids = idsOf(random)
  const users = ids.map((id, place) => {
    const fromEnd = ids.length - 1 - place
    const crowd: Cast =
      fromEnd >= 100 && fromEnd < 100 + newVendors
        ? { firstName: 'NewVendor', company: random.pick(companies) }
        : place >= 900 && place < 900 + abcEmployees
          ? { company: abc }
          : {}
    return user(random, id, { ...crowd, ...cast[id] }, taken)
  })
  for (const [{ userId }, person] of managers) users.push(user(random, userId, person, taken))
  return users.sort((a, b) => a.id - b.id)
}

function idsOf(random: Random): number[] {
  const fixed = Object.keys(cast).map(Number)
  return blocks.flatMap(([start, count]) => {
    let id: number = start
    return Array.from({ length: count }, () => {
      const next = id + random.between(3, 60)
      const passed = fixed.find((one) => one > id && one <= next)
      id = passed ?? next
      return id
    })
  })
}

function user(random: Random, id: number, known: Cast, taken: Map<string, number>): User {
  const firstName = random.pick(firstNames)
  const lastName = random.pick(lastNames)
  const company = random.pick(companies)
  const uuid = random.uuid()
  const title = random.chance(0.7) ? random.pick(jobTitles) : undefined
  const named = random.chance(0.6)
  const tags = userTags.filter(() => random.chance(0.13))
  const person = { firstName, lastName, company, ...(title && { title }), ...known }
  const emailAddress = known.emailAddress ?? addressOf(person, taken)
  const initials = `${person.firstName.charAt(0)}${person.lastName.charAt(0)}`.toLowerCase()
  return {
    id,
    uuid,
    ...person,
    emailAddress,
    ...(named && { userName: `acme_${plain(initials)}${id}` }),
    ...(known.userName !== undefined && { userName: known.userName }),
    tags: known.userName === undefined ? tags : [],
  }
}

/** first.last@company, with a number after the name if the address is taken. */
function addressOf({ firstName, lastName, company }: Cast, taken: Map<string, number>): string {
  const name = `${plain(firstName)}.${plain(lastName)}`
  const host = `${plain(company) || 'tokyo-data'}.example`
  const namesakes = taken.get(`${name}@${host}`) ?? 0
  taken.set(`${name}@${host}`, namesakes + 1)
  return `${name}${namesakes === 0 ? '' : namesakes + 1}@${host}`
}

/** Cached, since names repeat. */
const plainNames = new Map<string, string>()

/** A name in lower-case letters and digits without diacritics, with hyphens for other characters. */
function plain(name = ''): string {
  const known = plainNames.get(name)
  if (known !== undefined) return known
  const made = normalised(name)
  plainNames.set(name, made)
  return made
}

function normalised(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{Mark}|['’]/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
