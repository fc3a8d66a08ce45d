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
    'After these edits script 7 would show a secret that is masked now: leave the text beside it as it is, or change that line in the Qualys UI'

  test.each([
    { find: '@repo', replace: ' repo' },
    { find: '@repo.example', replace: '' },
    { find: 'https://', replace: '' },
    { find: '://', replace: ':/ /' },
  ])('%j', (edit) => {
    expect(edited(`curl https://svc:${other}@repo.example/x\n`, [edit]).problem).toBe(shown)
  })

  test('one that leaves its form is made', () => {
    expect(
      edited(`curl https://svc:${other}@repo.example/x\n`, [{ find: 'repo.example', replace: 'new.example' }])
        .text,
    ).toBe(`curl https://svc:${other}@new.example/x\n`)
  })
})
