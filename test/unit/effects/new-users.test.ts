import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/operations/operation.ts'
import { createUsers } from '../../../src/operations/saq/user-changes.ts'
import type { Row } from '../../../src/session/answer.ts'
import { CallTimeoutError } from '../../../src/shared/deadline.ts'
import {
  BusyError,
  InputError,
  type QualysError,
  SetupError,
  UnclearError,
} from '../../../src/shared/errors.ts'
import { previewIn, unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// Which users of a list Qualys created: no page says what it does if one of them exists.

const addressOf = (at: number): string => `p${at}@vendor.example`
const listOf = (count: number, address = addressOf): { users: Row[] } => ({
  users: Array.from({ length: count }, (_, at) => ({
    firstName: 'P',
    lastName: String(at),
    company: 'Vendor',
    emailAddress: address(at),
  })),
})

type Creates = (users: readonly Row[], directory: Row[]) => Row

/** Users that exist, and what Qualys makes of a list. The search answers as its filters say. */
function directoryOf(existing: readonly string[], creates: Creates): Replies {
  const directory: Row[] = existing.map((emailAddress, at) => ({ id: String(at + 1), emailAddress }))
  return {
    saq_search_users: ({ emailAddress, emailAddressContains = '' }: Input) =>
      directory.filter((user) => {
        const own = String(user['emailAddress']).toLowerCase()
        const whole = emailAddress === undefined ? own : String(emailAddress).toLowerCase()
        return own === whole && own.includes(String(emailAddressContains))
      }),
    saq_create_users: ({ users }: Input) => creates(users as Row[], directory),
  }
}

const add = (directory: Row[], users: readonly Row[]): Row[] => {
  const added = users.map((user, at) => ({ id: String(1000 + at), ...user }))
  directory.push(...added)
  return added
}

/** Creates the first users of the list, and then fails. */
const failingAfter =
  (count: number, error: QualysError): Creates =>
  (users, directory) => {
    add(directory, users.slice(0, count))
    throw error
  }

const refusal = new InputError('Qualys refuses the request.', 'Change what the reason names.')
const unclear = new UnclearError('Whether it took effect is not known.', 'Do not repeat it.')

async function outcomeOf(replies: Replies, args: object) {
  const session = new MemorySession(replies)
  const outcome = await unattendedCall(session, 'saq_create_users', args)
  return { ...outcome, searches: session.calls.filter(({ name }) => name === 'saq_search_users') }
}

describe('before', () => {
  const preview = (existing: readonly string[], count: number): Promise<string> =>
    previewIn(
      directoryOf(existing, () => ({})),
      'saq_create_users',
      listOf(count),
    )

  test('a person reads which addresses exist already', async () => {
    const lines = (await preview(['P7@Vendor.example'], 100)).split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'Create SAQ users (create): 100 users',
      '! 1 of 100 addresses exists already.',
      '! Qualys documents no rule for addresses that exist: it may refuse the whole list, or keep two users.',
    ])
  })

  test('all of them are named', async () => {
    const existing = Array.from({ length: 12 }, (_, at) => addressOf(at))
    const lines = (await preview(existing, 40)).split('\n')
    expect(lines[1]).toBe('! 12 of 40 addresses exist already.')
    const from = lines.indexOf('users that have one of these addresses already (id, name, company, address):')
    expect(from).toBeGreaterThan(0)
    const rows = lines.slice(from + 1, from + 13)
    for (const address of existing) expect(rows.join()).toContain(`"${address}"`)
  })

  test('nothing is said if none exists', async () => {
    expect(await preview(['other@vendor.example'], 3)).not.toContain('exist')
  })

  test('a failed look-up is said', async () => {
    const fails = (): never => {
      throw new SetupError('No.', '')
    }
    expect(await previewIn({ saq_search_users: fails }, 'saq_create_users', listOf(2))).toContain(
      '! Which of these addresses exist already could not be looked up.',
    )
  })
})

test('rows without addresses prove nothing', async () => {
  const replies = { saq_search_users: [{ id: '1' }, { id: '2' }] }
  expect(await previewIn(replies, 'saq_create_users', listOf(2))).toContain('could not be looked up')
})

describe('the searches', () => {
  const whereOf = async (args: object): Promise<readonly unknown[]> => {
    const { searches } = await outcomeOf(
      directoryOf([], (users, directory) => ({ all: add(directory, users) })),
      args,
    )
    return searches.map(({ args }) => args)
  }

  test('one for each of a few addresses', async () => {
    expect(await whereOf(listOf(2))).toEqual([
      { emailAddress: 'p0@vendor.example' },
      { emailAddress: 'p1@vendor.example' },
    ])
  })

  test('one for each of a few domains', async () => {
    expect(await whereOf(listOf(100, (at) => `p${at}@${at % 2 ? 'A' : 'b'}.example`))).toEqual([
      { emailAddressContains: '@b.example' },
      { emailAddressContains: '@a.example' },
    ])
  })

  test('one through all users for many domains', async () => {
    expect(await whereOf(listOf(100, (at) => `p@v${at}.example`))).toEqual([{}])
  })

  test('end after twenty requests', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => ({ id: String(at), emailAddress: `${at}@x.example` }))
    const replies = { saq_search_users: { rows, batch: 20 } }
    const args = listOf(100, (at) => `p@v${at}.example`)
    expect(await previewIn(replies, 'saq_create_users', args)).toContain('could not be looked up')
    const whole = { saq_search_users: { rows: rows.slice(0, 400), batch: 20 } }
    expect(await previewIn(whole, 'saq_create_users', args)).not.toContain('could not be looked up')
  })
})

describe('after a success', () => {
  test('an answer that names each user is enough', async () => {
    const { text, searches } = await outcomeOf(
      directoryOf([], (users, directory) => ({ count: 12, all: add(directory, users) })),
      listOf(12),
    )
    expect(text).toBe(
      `12 users sent; Qualys counts 12 created\nTheir ids: ${Array.from({ length: 10 }, (_, at) => 1000 + at).join(', ')} and 2 more (saq_search_users with emailAddress or company lists them).`,
    )
    expect(searches).toHaveLength(1)
  })

  test('programs get the ids of all, if the answer names each', () => {
    const all = Array.from({ length: 12 }, (_, at) => ({ id: String(1000 + at), firstName: 'A' }))
    const ids = all.map(({ id }) => id)
    expect(createUsers.abridge?.({ ...all[0], count: 12, all })).toEqual({ count: 12, ids })
    for (const other of [
      { id: '1', count: 1 },
      { count: 13, all },
      { count: 2, all: [{ id: '1' }, {}] },
    ])
      expect(createUsers.abridge?.(other)).toBe(other)
  })

  test('an answer about fewer is compared with what exists', async () => {
    const { text } = await outcomeOf(
      directoryOf([addressOf(3)], (users, directory) => {
        add(directory, users.slice(0, 3))
        return { count: 3 }
      }),
      listOf(5),
    )
    expect(text.split('\n')[0]).toBe(
      '5 users sent; Qualys counts 3 created; of 5 addresses: 3 created (p0@vendor.example, p1@vendor.example, p2@vendor.example); 1 there before (p3@vendor.example); 1 not there (p4@vendor.example)',
    )
  })

  test('without time for a look-up', async () => {
    let searches = 0
    const replies: Replies = {
      saq_search_users: () => {
        if (searches++ > 0) throw new CallTimeoutError('Time is up.', '')
        return []
      },
      saq_create_users: { count: 12 },
    }
    const { text } = await outcomeOf(replies, listOf(12))
    expect(text).toMatch(
      /^12 users sent; Qualys counts 12 created; which of them exist now could not be looked up: look with saq_search_users/,
    )
  })
})

describe('after a refusal', () => {
  test('of a list with one address that exists: nobody was created', async () => {
    const { text, kind } = await outcomeOf(
      directoryOf([addressOf(41)], failingAfter(0, refusal)),
      listOf(100),
    )
    expect({ text, kind }).toEqual({
      kind: 'input',
      text: 'Qualys refuses the request. Looked up since, of 100 addresses: 1 there before (p41@vendor.example); 99 not there. Leave out those that exist. Change what the reason names.',
    })
  })

  test('of a list that was taken in part', async () => {
    const { text } = await outcomeOf(directoryOf([addressOf(2)], failingAfter(2, refusal)), listOf(100))
    expect(text).toContain(
      'of 100 addresses: 2 created (p0@vendor.example, p1@vendor.example); 1 there before (p2@vendor.example); 97 not there.',
    )
  })

  test('of a list of which half was taken: the smaller half is named, the largest is not', async () => {
    const { text } = await outcomeOf(directoryOf([], failingAfter(40, refusal)), listOf(100))
    expect(text).toMatch(/: 40 created \(p0@vendor\.example, .*p39@vendor\.example\); 60 not there\./)
  })

  test('for a limit that was reached in between', async () => {
    const busy = new BusyError('Qualys limits the users.', 'Wait.')
    const { text, kind } = await outcomeOf(directoryOf([], failingAfter(1, busy)), listOf(2))
    expect({ text, kind }).toEqual({
      kind: 'busy',
      text: 'Qualys limits the users. Looked up since, of 2 addresses: 1 created (p0@vendor.example); 1 not there (p1@vendor.example). Leave out those that exist. Wait.',
    })
  })

  test('for a reason that no user has to do with, nothing is looked up again', async () => {
    const setup = new SetupError('No permission.', 'Ask the operator.')
    const { text, searches } = await outcomeOf(directoryOf([], failingAfter(0, setup)), listOf(12))
    expect(text).toBe('No permission. Ask the operator.')
    expect(searches).toHaveLength(1)
  })
})

test('after an unclear outcome: what was found, and that the rest may still appear', async () => {
  const { text, kind } = await outcomeOf(directoryOf([addressOf(0)], failingAfter(3, unclear)), listOf(4))
  expect({ text, kind }).toEqual({
    kind: 'unclear',
    text: 'Whether it took effect is not known. Looked up since, of 4 addresses: 2 created (p1@vendor.example, p2@vendor.example); 1 there before (p0@vendor.example); 1 not seen yet (p3@vendor.example). Do not repeat it; look with saq_search_users and emailAddress, or by company, before any that are not seen are sent: they may still appear.',
  })
})
