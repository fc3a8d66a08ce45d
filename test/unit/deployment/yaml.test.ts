import { describe, expect, test } from 'vitest'
import { readYaml } from '../../support/deployment/yaml.ts'

describe('YAML', () => {
  test('of maps, lists and texts is read', () => {
    const text = [
      '# a comment',
      'one: 1',
      'two:',
      '  three: "a: b"',
      '  four:',
      '    - x',
      '    - y:z',
      '    - name: a',
      '      target: /b',
      '    - name: c',
      '  five:',
      '',
      'six: a/b:c',
    ].join('\n')
    expect(readYaml(text)).toEqual({
      one: '1',
      two: {
        three: 'a: b',
        four: ['x', 'y:z', { name: 'a', target: '/b' }, { name: 'c' }],
        five: '',
      },
      six: 'a/b:c',
    })
  })

  test.each([
    ['a list in one line', 'a: [1, 2]'],
    ['a reference', 'a: *b'],
    ['a text over lines', 'a: |'],
    ['a comment behind a value', 'a: b # c'],
    ['a word that is no text', 'a: yes'],
    ['a member twice', 'a: 1\na: 2'],
    ['another indent', 'a:\n    b: 1\n  c: 2'],
  ])('with %s is refused', (_what, text) => {
    expect(() => readYaml(text)).toThrow()
  })
})
