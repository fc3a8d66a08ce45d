import { describe, expect, test } from 'vitest'
import { isImportName, requireName } from '../../../src/tools/effects/imports/file-name.ts'

describe('names of files', () => {
  test.each([
    ['people.csv', 'csv'],
    ['People.CSV', 'csv'],
    ['questions.json', 'json'],
    ['Liste (2).v2.Json', 'json'],
    ['Übersicht – März.csv', 'csv'],
    ['console.csv', 'csv'],
    ['名簿.csv', 'csv'],
  ])('%s is taken', (name, format) => {
    expect(requireName(name)).toBe(format)
    expect(isImportName(name)).toBe(true)
  })

  test.each([
    ['../people.csv', /has a folder in it/],
    ['/etc/people.csv', /has a folder in it/],
    ['a/people.csv', /has a folder in it/],
    ['..\\people.csv', /has a folder in it/],
    ['C:\\people.csv', /has a folder in it/],
    ['C:people.csv', /has a colon in it/],
    ['people.csv:stream.csv', /has a colon in it/],
    ['.people.csv', /begins with a dot/],
    ['..', /begins with a dot/],
    ['people.csv.', /ends with a dot or a blank/],
    ['people.csv ', /ends with a dot or a blank/],
    ['people\0.csv', /characters that nobody sees/],
    ['people\n.csv', /characters that nobody sees/],
    ['people\u202ecsv.csv', /characters that nobody sees/],
    ['people\u200b.csv', /characters that nobody sees/],
    ['CON.csv', /name of a device/],
    ['nul.json', /name of a device/],
    ['com1.csv', /name of a device/],
    ['LPT9.people.csv', /name of a device/],
    ['', /is empty/],
    ['   ', /is empty/],
    [`${'a'.repeat(252)}.csv`, /longer than a name can be/],
    ['people', /neither in \.csv nor in \.json/],
    ['people.xlsx', /neither in \.csv nor in \.json/],
    ['people.csv.gz', /neither in \.csv nor in \.json/],
    ['csv', /neither in \.csv nor in \.json/],
  ])('%j is refused', (name, reason) => {
    expect(() => requireName(name)).toThrow(reason)
    expect(isImportName(name)).toBe(false)
  })
})
