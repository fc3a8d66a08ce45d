import { expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import { importFolder } from '../../support/imports/import-folder.ts'

const test = testOn({ jobs: 1 })
const create = 'saq_create_template'
const sections = [{ name: 'A', questions: [{ text: 'Which?', kind: 'text' }] }]

test('a template from CSV and from JSON; what is passed beside the file wins', async ({ sandbox }) => {
  const folder = importFolder({
    'q.csv': 'Abschnitt;Frage;Fragetyp;Optionen\nA;Which?;single;"x; y, z"\n;Why?;text;\n',
    'bad.csv': 'section,text,kind\nA,Which?,text\nA,Why?,guess\n',
    't.json': JSON.stringify({ id: 7, name: 'In the file', category: 'C', sections }),
    'two.json': JSON.stringify([{ sections }, { sections }]),
    'odd.json': JSON.stringify({ sections, owner: 'x' }),
  })
  const settings = { ...unattendedSettings, QUALYS_IMPORT_DIR: folder.path }
  const assistant = await openAssistantOn(sandbox, settings)
  const text = async (args: object) => (await assistant.call(create, args)).text
  expect(await text({ file: 'q.csv', name: 'N', category: 'C' })).toMatch(/created; .*from "q\.csv", 2 rows/)
  const json = await text({ file: 't.json', name: 'Passed' })
  expect(json).toContain('from "t.json"')
  expect(json).toContain('Of the file id is not sent.')
  const names = (await sandbox.control.dump('templates')).map(({ name }) => name)
  expect(names).toContain('Passed')
  expect(names).not.toContain('In the file')
  expect(await text({ file: 'q.csv' })).toMatch(/name must be text; it is missing/)
  expect(await text({ file: 'bad.csv', name: 'N', category: 'C' })).toMatch(
    /row 2 \(line 3\): kind must be one of/,
  )
  expect(await text({ file: 'two.json' })).toMatch(/^The file holds 2 objects, and a call takes one\./)
  expect(await text({ file: 'odd.json' })).toMatch(/a member that no input takes: owner/)
  expect(await text({ file: 't.json', sections })).toMatch(/^sections and file are both passed\./)
  await assistant.close()
})
