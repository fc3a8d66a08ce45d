import { describe, expect } from 'vitest'
import { filesEndingWith, readExportFile } from '../../support/exports/exporter.ts'
import { expectedIds, fleetOf } from '../../support/hosts/fleet.ts'
import { exportingOn } from '../exports/fixtures.ts'

// Tags of hosts are shown by name, whatever their records show, and what is left out of the list of tags is told.

const test = exportingOn({ jobs: 100, assets: 120 }, { QUALYS_REPLY_CHARS: '400000' })

const uuidForms = [
  { hostTags: 'uuids' },
  { hostTags: 'uuidObjects' },
  { hostRecord: 'fim', hostTags: 'uuids' },
]

describe.each(uuidForms)('tags of the form %j', (form) => {
  test('are shown, matched and exported by name', async ({ sandbox, assistant, exporter }) => {
    await sandbox.control.knobs(form)
    const { assets } = await fleetOf(sandbox)
    const { structured } = await assistant.call(
      'car_search_assets',
      { fields: ['id', 'tags'], pageSize: 200 },
      'json',
    )
    const shown = new Map(structured.rows.map(({ id, tags }) => [String(id), tags]))
    const ofLab = assets.filter(({ lab }) => lab)
    expect(ofLab.length).toBeGreaterThan(0)
    for (const { id, tags } of assets) expect(shown.get(String(id)), String(id)).toEqual(tags)

    const { text } = await assistant.call('car_search_assets', { match: 'domain controllers', pageSize: 200 })
    const expected = assets.filter(({ tags }) => tags.some(({ name }) => name === 'Domain controllers'))
    expect(expected.length).toBeGreaterThan(0)
    expect(text).toContain(`${expected.length} match`)

    const reply = await exporter.export({ tool: 'car_search_assets', format: 'jsonl' })
    const rows = readExportFile(reply)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Map(rows.map(({ id, tags }) => [String(id), tags]))).toEqual(shown)
  })
})

test('tags that records name cost no request', async ({ sandbox, assistant }) => {
  await assistant.call('car_search_assets', { fields: ['*'], pageSize: 200 })
  await assistant.call('car_search_assets', { match: 'servers' })
  const paths = (await sandbox.control.requests()).map(({ path }) => path)
  expect(paths).toContain('/sm/v1/assets/search')
  expect(paths.filter((path) => path.includes('assettags'))).toEqual([])
})

test('tags by UUID cost two requests in all', async ({ sandbox, assistant }) => {
  await sandbox.control.knobs({ hostTags: 'uuids' })
  for (const match of ['servers', 'emea', 'no such tag'])
    await assistant.call('car_search_assets', { match, pageSize: 200 })
  const paths = (await sandbox.control.requests()).map(({ path }) => path)
  expect(paths.filter((path) => path.includes('assettags'))).toHaveLength(2)
})

test('tags by UUID stay as they are if no list of tags can be read', async ({ sandbox, assistant }) => {
  await sandbox.control.knobs({ hostTags: 'uuids' })
  const { assets, tags } = await fleetOf(sandbox)
  await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'status', status: 403 }])
  const args = { fields: ['id', 'tags'], pageSize: 200 }
  const { structured, isError } = await assistant.call('car_search_assets', args, 'json')
  expect(isError).toBe(false)
  const first = assets.find((host) => host.tags.length > 0)
  const uuids = first?.tags.map(({ id }) => tags.find((tag) => tag.id === id)?.tagUuid)
  expect(structured.rows.find(({ id }) => String(id) === String(first?.id))?.['tags']).toEqual(uuids)
  expect(structured.note).toContain('The list of tags cannot be read: tags of hosts stand without names.')
  const { text } = await assistant.call('car_search_assets', { match: 'servers' })
  expect(text).toContain('0 matches in 120 of 120 scanned')
  expect(text.match(/The list of tags cannot be read: tags of hosts stand without names\./g)).toHaveLength(1)
})

test('filters hold in exports, with what is unknown', async ({ sandbox, exporter, folder }) => {
  const fleet = await fleetOf(sandbox)
  const filter = { platform: 'LINUX', noSuccessSince: '2026-01-01' }
  const reply = await exporter.export({ tool: 'car_search_assets', format: 'jsonl', arguments: filter })
  const ids = readExportFile(reply)
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line)['id']))
  const expected = expectedIds(fleet, filter)
  expect(expected.length).toBeGreaterThan(2)
  expect(ids.sort()).toEqual(expected)

  await sandbox.control.knobs({ hostTags: 'none', resultHosts: 'none' })
  const unknown = await exporter.export(
    { tool: 'car_search_assets', format: 'jsonl', arguments: { tagId: '7512802' } },
    'text',
  )
  expect(unknown.text).toContain('0 of 120 assets that were looked at')
  expect(unknown.text).toContain('120 rows do not show their tags')
  const none = await exporter.export(
    { tool: 'car_search_assets', format: 'jsonl', arguments: filter },
    'text',
  )
  expect(none.text).toContain('0 of 120 assets that were looked at')
  expect(none.text).toMatch(/\d+ rows do not show whether they have a success/)
  expect(filesEndingWith(folder, '.jsonl')).toHaveLength(3)
})

describe('the list of tags', () => {
  const note = 'Lab tags are not listed.'

  test('says that it leaves out those of a lab', async ({ assistant, exporter }) => {
    const { text, structured } = await assistant.call('car_search_asset_tags', { pageSize: 3 }, 'json')
    expect(structured.note).toBe(note)
    const token = structured.continuationToken
    const next = await assistant.call(
      'car_search_asset_tags',
      { pageSize: 3, continuationToken: token },
      'json',
    )
    expect(next.structured.note).toBeUndefined()
    expect(text).toContain('asset tags 1-3 of 54')
    const none = await assistant.call('car_search_asset_tags', { match: 'CAR lab' })
    expect(none.text).toContain('0 matches in 54 of 54 scanned')
    expect(none.text).toContain(note)
    expect(
      (await exporter.export({ tool: 'car_search_asset_tags', format: 'jsonl' }, 'text')).text,
    ).toContain(note)
  })

  test('with a filter says that they may be missing', async ({ assistant }) => {
    const { text } = await assistant.call('car_search_asset_tags', { filter: 'name:lab' })
    expect(text).toContain('Lab tags may be missing.')
    const lab = await assistant.call('car_search_asset_tags', { filter: 'labTag:true' })
    expect(lab.text).toContain('CAR lab - Windows')
    expect(lab.text).not.toContain('Lab tags')
  })
})
