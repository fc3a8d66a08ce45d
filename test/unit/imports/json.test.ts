import { expect, test } from 'vitest'
import { jsonOf } from '../../../src/tools/effects/imports/import-file.ts'

const plain = (text: string): string => text
const read = (text: string) => jsonOf({ name: 'people.json', format: 'json', text, sha256: '' }, plain)

test.each([
  ['[{"a":1,"a":2}]', 'a'],
  ['{"b":{"a":1,"\\u0061":2}}', 'a'],
  ['{"x":[{"a":1}],"y":2,"x":3}', 'x'],
  ['{"a\\"b":1, "a\\"b" : 2}', `"a'b"`],
])('%s has a member twice', async (text, name) => {
  await expect(read(text)).rejects.toThrow(`An object of the file has two members named ${name}.`)
})

test.each([
  '[{"a":1},{"a":2}]',
  '{"a":{"a":{"a":1}},"b":{"a":2}}',
  '{"a":"{\\"a\\":1}","b":"a: }","c":["a","a"]}',
  '{"__proto__":1,"constructor":2}',
])('%s has none twice', async (text) => {
  expect(await read(text)).toEqual(JSON.parse(text))
})

test('long texts and deep lists are read', async () => {
  const long = JSON.stringify([{ a: 'x\\"'.repeat(1_000_000) }])
  expect(await read(long)).toEqual(JSON.parse(long))
  expect(await read(`${'['.repeat(1_000)}${']'.repeat(1_000)}`)).toHaveLength(1)
})
