import { customerUuid } from '../accounts.ts'
import type { Random } from '../random.ts'
import type { Tag } from './rows.ts'

// biome-ignore format: one name a line would say no more
const names = [
  'Reporting databases', 'Workstations', 'Servers', 'Domain controllers', 'DMZ', 'Production', 'Staging', 'Pilot ring',
  'EMEA', 'APAC', 'Americas', 'Zürich | HQ', 'München', '東京オフィス', 'Cloud: AWS', 'Cloud: Azure', 'Internet facing',
  'PCI scope', 'SOX scope', 'Point of sale', 'Kiosks', 'Executives', 'Developers', 'Finance', 'HR', 'Legal', 'Plant 7',
  'Laboratory instruments', 'Build agents', 'Kubernetes nodes', 'Oracle', 'SQL Server', 'Exchange', 'Citrix', 'VPN gateways',
  'Windows 10', 'Windows 11', 'Windows Server 2019', 'Windows Server 2022', 'RHEL 8', 'RHEL 9', 'Ubuntu 22.04', 'macOS',
  'AIX', 'End of life OS', 'No agent check-in 30d', 'Acquired 2025', 'Contractors', 'Do not touch', 'Tier 0', 'Tier 1',
  'Tier 2', 'Backup hosts', 'Print servers',
]

const labNames = [
  'CAR lab - Windows',
  'CAR lab - Linux',
  'CAR lab - mac',
  'Lab: break things here',
  'QA ring 0',
  'Sandbox VMs',
]

/** Ids and UUIDs that other parts of the sample data refer to. */
const fixedUuids: Readonly<Record<number, string>> = {
  7512800: '6c9a2e14-5b7d-4d3f-8e21-90b4c8d5a6f7',
  7512812: 'a3258427-9c1e-4b60-a5d8-2f7e6b3c4d19',
}

/** 60 tags; the first lab tag is 7512812, the one in the vendor's evaluation sample (release_2_5_api.htm). */
export function makeTags(random: Random): Tag[] {
  const plainTags = names.map((name, index) =>
    makeTag(random, index < 12 ? 7512800 + index : 7512807 + index, name, false),
  )
  const labTags = labNames.map((name, index) => makeTag(random, 7512812 + index, name, true))
  return [...plainTags.slice(0, 12), ...labTags, ...plainTags.slice(12)]
}

function makeTag(random: Random, tagId: number, name: string, lab: boolean): Tag {
  const colour = random.below(0x1000000).toString(16).padStart(6, '0').toUpperCase()
  return {
    id: String(tagId),
    tagId,
    tagUuid: fixedUuids[tagId] ?? random.uuid(),
    name,
    customerId: 388265,
    customerUuid,
    ...(random.chance(0.7) && { backgroundColor: `#${colour}` }),
    lab,
  }
}
