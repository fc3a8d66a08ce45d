import { describe, expect, test } from 'vitest'
import { newUser } from '../../support/effects/saq/saq-objects.ts'
import { checkArguments, operationNamed } from '../../support/operations/calls.ts'

// E-mail addresses as lists of vendors hold them: what is read as one address, and what is said of the rest.

const users = (...addresses: readonly unknown[]): object => ({
  users: addresses.map((emailAddress) => newUser({ emailAddress })),
})

async function readAddress(address: unknown): Promise<unknown> {
  const { value, complaint } = await checkArguments('saq_create_users', users(address))
  return complaint ?? (value as { users: { emailAddress: string }[] }).users[0]?.emailAddress
}

describe('read as', () => {
  test.each([
    ['a blank at the end', 'jane@vendor.example ', 'jane@vendor.example'],
    ['a no-break space', '\u00a0jane@vendor.example\u00a0', 'jane@vendor.example'],
    ['fillers and selectors around it', '\u2800\u034fjane@vendor.example\ufe0f', 'jane@vendor.example'],
    ['zero-width characters around it', '\u200b\ufeffjane@vendor.example\u200d', 'jane@vendor.example'],
    ['tabs and line ends', '\tjane@vendor.example\r\n', 'jane@vendor.example'],
    ['a link', 'mailto:jane@vendor.example', 'jane@vendor.example'],
    ['a link with a subject', 'MAILTO:jane%2Bqa@vendor.example?subject=Hello', 'jane+qa@vendor.example'],
    ['angle brackets', ' <jane@vendor.example> ', 'jane@vendor.example'],
    ['a link in angle brackets', '<mailto:jane@vendor.example>', 'jane@vendor.example'],
    ['capitals', 'Jane.Roe@Vendor.Example', 'Jane.Roe@Vendor.Example'],
    ['signs that mail servers take', "o'brien+r&d_1@vendor.example", "o'brien+r&d_1@vendor.example"],
    ['a domain in its ASCII form', 'info@xn--e1afmkfd.xn--p1ai', 'info@xn--e1afmkfd.xn--p1ai'],
  ])('one address: %s', async (_what, given, address) => expect(await readAddress(given)).toBe(address))
})

const alone = 'is not one address alone; pass "jane@vendor.example"'
const look = 'let a person look at it, then pass'
const beyond = 'has a domain in letters beyond ASCII, as look-alikes have'
const unseen = 'holds characters that nobody sees or that only look like ASCII'

describe('refused, with what to do', () => {
  test.each([
    ['Jane Roe <jane@vendor.example>', alone],
    ['"Roe, Jane" <jane@vendor.example>', alone],
    ['jane@vendor.example (work)', alone],
    ['jane@vendor.example,', alone],
    ['jane@vendor.example.', alone],
    ["'jane@vendor.example'", alone],
    ['[jane@vendor.example](mailto:jane@vendor.example)', alone],
    ['Jane jane@vendor.example', `${alone} if that is all of the address`],
    [
      'a@vendor.example; b@vendor.example',
      'holds 2 addresses; pass one address alone such as "a@vendor.example"',
    ],
    [
      'a@vendor.example b@vendor.example',
      'holds 2 addresses; pass one address alone such as "a@vendor.example"',
    ],
    ['info@müller-söhne.de', `${beyond}; ${look} "info@xn--mller-shne-kcb9d.de"`],
    ['info@vend\u043er.example', `${beyond}; ${look} "info@xn--vendr-mye.example"`],
    [
      'Jörg <info@müller.de>',
      `is not one address alone; "info@müller.de" ${beyond}; ${look} "info@xn--mller-kva.de"`,
    ],
    ['jane\uff20vendor.example', `${unseen}; ${look} "jane@vendor.example"`],
    ['ja\u3164ne@vendor.example', `${unseen}; ${look} "jane@vendor.example"`],
    ['ja\u2800ne@vendor.example', `${unseen}; ${look} "jane@vendor.example"`],
    ['ja\u200bne@vendor.example', `${unseen}; ${look} "jane@vendor.example"`],
    [
      'jörg@vendor.example',
      'has letters beyond ASCII before the @, which many mail servers do not take; ask for an address in ASCII letters',
    ],
    ['jane..roe@vendor.example', 'has a dot too many; ask for the right address'],
    ['jane.@vendor.example', 'has a dot too many; ask for the right address'],
    ['jane@vendor..example', 'has a dot too many; ask for the right address'],
    [
      'jane@localhost',
      'has no whole domain such as vendor.example; ask for an address that mail from outside reaches',
    ],
    ['jane@10.0.0.1', 'names its host by number; ask for an address with a domain'],
    ['jane@[10.0.0.1]', 'names its host by number; ask for an address with a domain'],
    ['"jane roe"@vendor.example', 'has quotes before the @; ask for an address without them'],
    ['jane @vendor.example', 'holds a blank; ask for the right address'],
    ['jane@@vendor.example', 'has more than one @; ask for the right address'],
    ['@vendor.example', 'has nothing before the @; pass the whole address'],
    ['jane', 'has no @; pass a whole address such as "jane@vendor.example"'],
    ['jane@-vendor.example', 'is no address that mail servers take; ask for the right one'],
    [`${'a'.repeat(65)}@vendor.example`, 'is no address that mail servers take; ask for the right one'],
  ])('%s', async (given, problem) => {
    expect(await readAddress(given)).toMatch(/users\.0\.emailAddress: must be an e-mail address: /)
    expect(String(await readAddress(given)).endsWith(` ${problem}`)).toBe(true)
  })

  test('with the address as it was given, in quotes that it cannot close', async () => {
    expect(await readAddress('Jane "J" <jane@vendor.example>')).toContain(
      `address: "Jane 'J' <jane@vendor.example>" is`,
    )
    expect(await readAddress(`ja\u202ene@\nvendor.example`)).toContain('"ja\\u{202e}ne@ vendor.example"')
    expect(await readAddress(`${'Jane '.repeat(20)}<jane@vendor.example>`)).toContain(
      `"${'Jane '.repeat(16).slice(0, 79)}…" ${alone}`,
    )
  })

  test('with the whole of an address to pass', async () => {
    const long = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`
    expect(await readAddress(`Jane <${long}>`)).toContain(`pass "${long}"`)
  })

  test('without a text that has no @, which may be a credential', async () => {
    expect(await readAddress('hunter2')).not.toContain('hunter2')
  })

  test('all wrong rows of the list at once', async () => {
    const wrong = Array.from({ length: 60 }, (_, at) => `p${at}@müller.de`)
    const { complaint = '' } = await checkArguments('saq_create_users', users('a@b.example', ...wrong))
    for (const [at, address] of wrong.entries())
      expect(complaint).toContain(`users.${at + 1}.emailAddress: must be an e-mail address: "${address}" has`)
    expect(complaint).not.toContain('more')
  })
})

test('a change of one user follows the same rule', async () => {
  const change = (emailAddress: string) => checkArguments('saq_update_user', { userId: '1', emailAddress })
  expect((await change('<jane@vendor.example>')).value).toMatchObject({ emailAddress: 'jane@vendor.example' })
  expect((await change('Jane <jane@vendor.example>')).complaint).toContain(alone)
})

describe.each(['saq_search_users', 'saq_count_users'])('%s', (tool) => {
  const search = (emailAddress: string) => checkArguments(tool, { emailAddress })

  test('reads an address, and takes one that mail servers do not take', async () => {
    for (const [given, read] of [
      [' mailto:jane@vendor.example', 'jane@vendor.example'],
      ['jörg@localhost', 'jörg@localhost'],
      ['info@müller.de', 'info@müller.de'],
    ] as const)
      expect((await search(given)).value).toEqual({ emailAddress: read })
  })

  test('refuses what is not one address alone', async () => {
    expect((await search('Jane <jane@vendor.example>')).complaint).toContain(alone)
  })
})

describe('a person with one name, or a mailbox', () => {
  const advice =
    'Qualys requires firstName and lastName; pass a single name as both, and share out the words of a mailbox ("Security" and "Team")'

  test.each([
    ['an empty first name', { firstName: '' }, `users.0.firstName: must not be empty: ${advice}`],
    ['no last name', { lastName: undefined }, `users.0.lastName: must be text: ${advice}`],
  ])('%s', async (_what, fields, says) => {
    const { complaint } = await checkArguments('saq_create_users', { users: [newUser(fields)] })
    expect(complaint).toContain(says)
  })

  test('in several rows: said once, with the rows', async () => {
    const rows = [newUser(), newUser({ firstName: '' }), newUser({ firstName: ' ' })]
    const { complaint } = await checkArguments('saq_create_users', { users: rows })
    expect(complaint).toContain(`users.1.firstName: must not be empty: ${advice} (also at users.2.firstName)`)
  })
})

test('addresses that stand in the list twice are all named', () => {
  const { change } = operationNamed('saq_create_users')
  const list = ['a@b.example', 'c@b.example', 'A@b.example', 'C@b.example'].map((emailAddress) => ({
    emailAddress,
  }))
  expect(change?.validate?.({ users: list }, 0)).toBe(
    'a@b.example, c@b.example are in the list twice: name each address once.',
  )
})
