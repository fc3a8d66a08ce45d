import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { hostUuidFields, identifyHost, keysOf, platformOf } from '../../../src/operations/car/hosts.ts'
import { assetUuids } from '../../../src/operations/car/inputs/run-targets.ts'
import { Drift } from '../../../src/session/records/drift.ts'
import { fieldReader, readRecord } from '../../../src/session/records/record.ts'
import { runAtOnce } from '../../../src/shared/turns/steps.ts'
import { chooseColumns, flatten } from '../../../src/tools/replies/columns.ts'

// The record of a host: as it is assumed, and as File Integrity Monitoring has it. Before, the UUID of such a row was
// taken for the id of the host, and no field for its UUID was known.

const uuid = '0479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
const fim = {
  ...{ id: uuid, assetId: 20032549, hostId: 7, agentUuid: uuid, name: 'ws-01' },
  ...{ operatingSystem: 'Windows 11', lastCheckedIn: 1_700_000_000_000, created: 1_600_000_000_000 },
  ...{
    interfaces: [{ address: '10.0.0.1' }],
    tags: [uuid],
    manifest: { status: 'ASSIGNED', updatedDate: 1_700_000_000_000 },
  },
  activationDate: 1_600_000_000_000,
}

describe('the id of a host is', () => {
  test.each<readonly [string, object, unknown]>([
    ['its id, if that is a number', { id: 5, assetId: 6 }, 5],
    ['its id, if that is digits', { id: '5', assetId: 6 }, '5'],
    ['its assetId, if its id is a UUID', { id: uuid, assetId: 6 }, 6],
    ['its assetId as text', { id: uuid, assetId: '20032549' }, '20032549'],
    ['the UUID, if there is no number', { id: uuid }, uuid],
    ['the UUID, if assetId is none', { id: uuid, assetId: uuid }, uuid],
  ])('%s', (_, row, id) => expect(identifyHost({ ...row })['id']).toBe(id))
})

describe('the UUID of a host is in', () => {
  const found = (row: object): unknown => {
    const host = identifyHost({ ...row })
    return assetUuids.fields.map((name) => host[name]).find((value) => typeof value === 'string')
  }
  test('agentUuid first', () => {
    const all = Object.fromEntries(hostUuidFields.map((name) => [name, name]))
    expect(found({ id: 5, ...all })).toBe('agentUuid')
  })
  test.each(hostUuidFields)('%s', (name) => expect(found({ id: 5, [name]: uuid })).toBe(uuid))
  test('its id, if no field has it', () => {
    expect(found({ id: uuid, assetId: 5 })).toBe(uuid)
    expect(found({ id: uuid, assetId: 5, uuid: 'another' })).toBe('another')
    expect(found({ id: uuid, assetId: 5, agentUuid: '' })).toBe(uuid)
    expect(found({ id: 5 })).toBeUndefined()
  })
})

describe('a row of car_search_assets', () => {
  const read = (raw: object) => {
    const drift = new Drift()
    return { row: readRecord(searchAssets, raw, drift), drift: [...drift] }
  }

  test('as a sister module has it is read without drift', () => {
    expect(read(fim)).toEqual({
      drift: [],
      row: {
        ...{ ...fim, id: 20032549, lastCheckedIn: '2023-11-14T22:13:20Z', created: '2020-09-13T12:26:40Z' },
        manifest: { status: 'ASSIGNED', updatedDate: '2023-11-14T22:13:20Z' },
        activationDate: '2020-09-13T12:26:40Z',
      },
    })
  })

  test('as it was assumed, too', () => {
    const { row, drift } = read({
      id: 5,
      created: { dateTime: 1_600_000_000_000 },
      lastSeen: 1_700_000_000_000,
    })
    expect(drift).toEqual([])
    expect(row).toEqual({
      id: 5,
      created: { dateTime: '2020-09-13T12:26:40Z' },
      lastSeen: '2023-11-14T22:13:20Z',
    })
  })

  test('has the same id if only some fields are read', () => {
    expect(runAtOnce(fieldReader(searchAssets, ['id'])([fim], new Drift()))).toMatchObject([{ id: 20032549 }])
  })

  test('is shown by the columns that it has', () => {
    const namesOf = (row: object) => chooseColumns([flatten({ ...row })], searchAssets, undefined)
    expect(namesOf(fim)).toEqual({
      names: ['id', 'name', 'operatingSystem', 'lastCheckedIn'],
      hasDrifted: false,
    })
    const plain = { id: 5, name: 'h', platform: 'MAC', lastSeen: 'x', operatingSystem: 'macOS' }
    expect(namesOf(plain).names).toEqual(['id', 'name', 'platform', 'lastSeen'])
  })
})

describe('the platform of a host is', () => {
  test.each<readonly [object, string | undefined]>([
    [{ platform: 'UNIX', operatingSystem: 'Windows 11' }, 'UNIX'],
    [{ operatingSystem: 'Microsoft Windows Server 2022 Standard' }, 'WINDOWS'],
    [{ operatingSystem: 'macOS 14.5' }, 'MAC'],
    [{ operatingSystem: 'Red Hat Enterprise Linux 9.4' }, 'LINUX'],
    [{ operatingSystem: 'Ubuntu 22.04.4 LTS' }, 'LINUX'],
    [{ operatingSystem: 'IBM AIX 7.3' }, 'UNIX'],
    [{ operatingSystem: 'Oracle Solaris 11.4' }, 'UNIX'],
    [{ operatingSystem: 'Mac OS X 10.15' }, 'MAC'],
    [{ operatingSystem: 'Mac OSX 10.9' }, 'MAC'],
    [{ operatingSystem: 'RHEL 9' }, 'LINUX'],
    [{ operatingSystem: 'RedHat 8' }, 'LINUX'],
    [{ operatingSystem: 'SunOS 5.11' }, 'UNIX'],
    [{ operatingSystem: 'FreeBSD 14' }, 'UNIX'],
    [{ operatingSystem: 'Darwin 23' }, 'MAC'],
    [{ platform: 'Windows' }, 'WINDOWS'],
    [{ platform: 'macOS' }, 'MAC'],
    [{ platform: ' ', operatingSystem: 'Windows 10' }, 'WINDOWS'],
    [{ platform: 'Network device', operatingSystem: 'Ubuntu 22.04' }, 'LINUX'],
    [{ platform: 'Network device' }, 'Network device'],
    [{ operatingSystem: 'Haiku' }, undefined],
    [{ operatingSystem: 'Winnipeg appliance' }, undefined],
    [{ operatingSystem: 7 }, undefined],
    [{}, undefined],
  ])('that of %j: %s', (host, platform) => expect(platformOf({ ...host })).toBe(platform))
})

describe('the keys of a host are', () => {
  const other = '1479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
  test.each<readonly [object, readonly string[], readonly string[]]>([
    [{ id: 5 }, ['5'], []],
    [{ id: '5', name: 'h' }, ['5'], []],
    [{ id: 12345678901234567890n }, ['12345678901234567890'], []],
    [{ id: uuid.toUpperCase(), assetId: 6 }, ['6'], [uuid]],
    [{ id: 5, assetId: 6, agentUuid: uuid, uuid: other }, ['5'], [uuid, other]],
    [{ id: null, assetId: '', agentUuid: 'no UUID' }, [], []],
    [{}, [], []],
  ])('those of %o', (host, numbers, uuids) => expect(keysOf({ ...host })).toEqual({ numbers, uuids }))
})
