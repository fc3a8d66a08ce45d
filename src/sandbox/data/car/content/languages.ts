import type { Platform } from '../rows.ts'

/** A language of scripts: a platform and an interpreter. */
export interface Language {
  id: number
  name: string
  platform: Platform
  /** The scriptType of its jobs. */
  scriptType: string
}

/**
 * Ids 4, 201 and 508 occur in vendor samples, 201 as `PowerShell-Command` on WINDOWS. The interpreters are
 * the folders of the vendor's script library; the other ids are made up.
 */
export const languages: readonly Language[] = [
  { id: 4, name: 'Shell', platform: 'UNIX', scriptType: 'Shell' },
  { id: 201, name: 'PowerShell-Command', platform: 'WINDOWS', scriptType: 'PowerShell' },
  { id: 202, name: 'Python', platform: 'WINDOWS', scriptType: 'Python' },
  { id: 203, name: 'VBScript', platform: 'WINDOWS', scriptType: 'VBScript' },
  { id: 508, name: 'Shell', platform: 'LINUX', scriptType: 'Shell' },
  { id: 509, name: 'Python', platform: 'LINUX', scriptType: 'Python' },
  { id: 510, name: 'Perl', platform: 'LINUX', scriptType: 'Perl' },
  { id: 511, name: 'Lua', platform: 'LINUX', scriptType: 'Lua' },
  { id: 601, name: 'Shell', platform: 'MAC', scriptType: 'Shell' },
  { id: 602, name: 'Python', platform: 'MAC', scriptType: 'Python' },
]

/** The names and the id 1 of the first are documented; ids 2 and 3 are made up. */
export const scriptTypes = [
  { id: 1, name: 'Custom Script' },
  { id: 2, name: 'Custom QID' },
  { id: 3, name: 'Control ID Remediation' },
] as const

/** 1 is documented; ids 6 and 605 occur in samples without a name. */
export const categories = [
  { id: 1, name: 'Data Backup' },
  { id: 2, name: 'General Automation' },
  { id: 3, name: 'Data Collection' },
  { id: 6, name: 'Policy Audit Fix' },
  { id: 605, name: 'Incident Response' },
] as const

export function languageById(id: number): Language {
  const language = languages.find((candidate) => candidate.id === id)
  if (!language) throw new RangeError(`no language has the id ${id}`)
  return language
}
