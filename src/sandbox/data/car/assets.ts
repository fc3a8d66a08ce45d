import { anchor, day, minute } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Asset, Platform, Tag } from './rows.ts'

const operatingSystems: Readonly<Record<Platform, readonly string[]>> = {
  WINDOWS: [
    'Microsoft Windows 11 Enterprise 23H2',
    'Microsoft Windows 10 Enterprise 22H2',
    'Microsoft Windows Server 2022 Standard',
    'Microsoft Windows Server 2019 Datacenter',
  ],
  LINUX: [
    'Red Hat Enterprise Linux 9.4',
    'Ubuntu 22.04.4 LTS',
    'Amazon Linux 2023',
    'SUSE Linux Enterprise Server 15 SP5',
  ],
  UNIX: ['IBM AIX 7.3', 'Oracle Solaris 11.4'],
  MAC: ['macOS 14.6 Sonoma', 'macOS 15.1 Sequoia'],
}

const names: Readonly<Record<Platform, readonly string[]>> = {
  WINDOWS: ['FIN-WS', 'HR-WS', 'DC', 'SQL', 'MÜNCHEN-PC', 'POS', 'CTX'],
  LINUX: ['srv-web', 'srv-db', 'k8s-node', 'build', 'vpn-gw'],
  UNIX: ['aix-core', 'sol-ledger'],
  MAC: ['mbp', 'studio', 'anaïs-mbp'],
}

const platforms: readonly Platform[] = [
  ...Array<Platform>(11).fill('WINDOWS'),
  ...Array<Platform>(7).fill('LINUX'),
  'MAC',
  'UNIX',
]

/** Assets, about one in forty a lab asset. Names are unique, so that a list can be sorted by them. */
export function makeAssets(random: Random, tags: Tag[], count: number): Asset[] {
  const plainTags = tags.filter((tag) => !tag.lab)
  const labTags = tags.filter((tag) => tag.lab)
  let id = 21789600
  return Array.from({ length: count }, (_, index) => {
    id += index === 0 ? 1 : random.between(1, 40)
    const platform = random.pick(platforms)
    const isLab = random.chance(0.025)
    const tagSet = new Set(Array.from({ length: random.below(4) }, () => random.pick(plainTags)))
    if (isLab) tagSet.add(random.pick(labTags))
    return {
      id,
      uuid: random.uuid(),
      name: `${random.pick(names[platform])}-${String(index + 1).padStart(4, '0')}`,
      platform,
      operatingSystem: random.pick(operatingSystems[platform]),
      agentVersion: random.pick(['5.5.0.41', '6.0.1.12', '6.1.0.28']),
      ipAddress: `10.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`,
      lab: isLab,
      tags: [...tagSet].map((tag) => ({ id: tag.id, name: tag.name })),
      // Agents are installed in batches: many assets have the same time.
      created: { dateTime: Date.parse('2022-01-10T06:00:00Z') + random.below(400) * 3 * day },
      lastSeen: anchor - random.below(random.chance(0.9) ? 240 * minute : 60 * day),
    }
  })
}
