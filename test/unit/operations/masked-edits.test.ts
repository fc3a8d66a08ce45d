import { describe, expect, test } from 'vitest'
import { edited } from '../../support/script-edits/edited.ts'

// Edits of a script that holds a secret. The model sees a mask, so nothing that it gets back may depend on what is
// below the mask.

const secret = 'Kq9wTx3LmpZ7v'
const stored = (value: string): string =>
  `curl https://svc:${value}@repo.example/x\r\ntoken=${secret}\r\necho done\r\n`
const other = 'Kq9wTx3Lmabcd'
const options = { secrets: [secret] }

test('it stays in place, and the preview still covers it', () => {
  const { text, covered, problem } = edited(stored(secret), [{ find: 'done', replace: 'ready' }], options)
  expect(problem).toBeUndefined()
  expect(text).toBe(stored(secret).replace('done', 'ready'))
  expect(covered).not.toContain('Kq9')
  expect(covered?.replace(/\uffff+/g, '*')).toBe('curl https://*@repo.example/x\r\ntoken=*\r\necho ready\r\n')
  expect(covered?.length).toBe(text.length)
})

describe('guesses', () => {
  const absent = edited(stored(secret), [{ find: 'nowhere at all', replace: 'x' }], options).problem ?? ''

  const prefixes = Array.from({ length: secret.length }, (_, at) => secret.slice(0, at + 1))

  test.each([
    ...prefixes.slice(1),
    ...prefixes.map((start) => `token=${start}`),
    ...prefixes.map((start) => `svc:${start}`),
    ...prefixes.map((start) => secret.slice(start.length - 1)).filter((end) => end.length > 2),
    `${secret}@repo`,
    's v c',
    secret.toUpperCase(),
    [...secret].join(' '),
    '\ufffd'.repeat(secret.length),
    'token=\ufffd',
  ])('%j is as absent as any other text', (find) => {
    expect(absent).toContain('Edit 1 is not found in script 7: ')
    expect(edited(stored(secret), [{ find, replace: 'x' }], options).problem).toBe(absent)
  })

  test('the answer to any edit is the same for any secret', () => {
    const finds = ['K', 'Kq9', 'svc', ':', '@', 'token=', '=', 'e', 'x', '\n', 'done', 'repo', 'a']
    const answers = (value: string) =>
      finds.map((find) => {
        const { problem, note } = edited(stored(value), [{ find, replace: 'zz' }], {
          secrets: [secret, other],
        })
        return [find, problem, note]
      })
    expect(answers(other)).toEqual(answers(secret))
  })

  test('a text that is below the mask and beside it occurs once', () => {
    const { text } = edited(`token=${secret}\nZ7v\n`, [{ find: 'Z7v', replace: 'x' }], options)
    expect(text).toBe(`token=${secret}\nx\n`)
  })
})

describe('an edit that would show the secret is refused:', () => {
  const shown =
    'After these edits script 7 might show a secret that is masked now: leave the text directly beside it as it is, or change that line in the Qualys UI'

  test.each([
    { find: '@repo', replace: ' repo' },
    { find: '@repo.example', replace: '' },
    { find: 'https://', replace: '' },
    { find: '://', replace: ':/ /' },
  ])('%j', (edit) => {
    expect(edited(`curl https://svc:${other}@repo.example/x\n`, [edit]).problem).toBe(shown)
  })

  // Decoded, a letter before such a value moves each of its bits: whether it still looks like a credential tells
  // something about it.
  test.each(['A', 'AB', 'ABC', 'xyz'])('%s before the value of Basic, whatever the value is', (letters) => {
    for (const value of ['u:p', 'abc:', ':::', '~~~:~~']) {
      const encoded = Buffer.from(value).toString('base64')
      const edits = [{ find: 'Basic ', replace: `Basic ${letters}` }]
      expect(edited(`curl -H "Authorization: Basic ${encoded}"\n`, edits).problem).toBe(shown)
    }
  })

  test.each([
    ['the line', 'curl ', 'curl -s '],
    ['the host', 'repo.example', 'new.example'],
    ['the next line', '/x\n', '/x\necho 1\n'],
  ])('%s beside it may change', (_, find, replace) => {
    const script = `curl https://svc:${other}@repo.example/x\r\n`
    const { text, problem } = edited(script, [{ find, replace }])
    expect(problem).toBeUndefined()
    expect(text).toBe(script.replace(find.trim(), replace.trim().replace('\n', '\r\n')))
  })

  test('and so may all line ends', () => {
    const script = `echo Bearer ${other}0123\r\necho 1\r\n`
    const edits = [{ find: '\r\n', replace: '\n' }]
    expect(edited(script, edits, { platform: 'LINUX' }).text).toBe(script.replaceAll('\r', ''))
  })

  test('one that leaves its form is made', () => {
    expect(
      edited(`curl https://svc:${other}@repo.example/x\n`, [{ find: 'repo.example', replace: 'new.example' }])
        .text,
    ).toBe(`curl https://svc:${other}@new.example/x\n`)
  })
})
