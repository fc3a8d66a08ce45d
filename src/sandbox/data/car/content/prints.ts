import type { Random } from '../../random.ts'
import type { Ending } from '../asset-jobs.ts'
import type { AssetJob, Script } from '../rows.ts'
import { languageById } from './languages.ts'

/**
 * Outputs of scripts about these subjects. A placeholder in braces is replaced for each host: see `filled`.
 */
const about: readonly (readonly [subject: RegExp, print: string])[] = [
  [
    /bitlocker|filevault|encrypt|volume|disk/i,
    'Host {host}\nVolume  Protection  Encrypted\n------  ----------  ---------\nC:      {On|On|On|Off}  100%\nchecked {time}\n',
  ],
  [
    /log4j|jar|files|find/i,
    'Searching on {host} ...\n{0 files found|0 files found|1 file found: /opt/app/lib/log4j-core-2.14.1.jar ({bytes} bytes)}\n',
  ],
  [
    /smb|ssh|firewall|service|disable|enable/i,
    '{host} ({ip}): setting {was right already|changed}, service active\n',
  ],
  [/admin|sudo|account|user|cron/i, '{host}: {2 entries, none stale|2 entries, 1 stale}\nrun {guid}\n'],
  [
    /patch|update|signature|certificate|package/i,
    '{host}: {up to date|up to date|2 updates missing}, asked at {time}\n',
  ],
]

/** The output of other scripts, by language. */
const otherwise: Readonly<Record<string, string>> = {
  PowerShell:
    'Caption                     Version\r\n-------                     -------\r\nMicrosoft Windows on {host} 10.0.{19045|22631}\r\n',
  VBScript: '{host}\r\n',
}
const otherwiseElsewhere = '{Linux|Linux|Darwin} {host} #1 SMP x86_64\ndone at {time}\n'

/** The error messages of the interpreters. */
const complaints: Readonly<Record<string, string>> = {
  PowerShell:
    'C:\\Windows\\Temp\\{guid}.ps1 : WHY on {host}\r\nAt line:12 char:3\r\n    + FullyQualifiedErrorId : ScriptError\r\n',
  Python:
    'Traceback (most recent call last):\n  File "/tmp/{guid}.py", line 12, in <module>\nOSError: WHY on {host}\n',
  VBScript: 'C:\\Windows\\Temp\\{guid}.vbs(12, 3) WScript: WHY on {host}\r\n',
}
const complaintElsewhere = '/tmp/{guid}: line 12: WHY on {host}\n'

/** The output of a successful run: what the script echoes, or a text that fits its subject. */
export function printOf({ title, description, languageId, content }: Script): string {
  const said = saidBy(Buffer.from(content, 'base64').toString('utf8'))
  if (said !== '') return said
  const subject = `${title} ${description}`
  const fitting = about.find(([pattern]) => pattern.test(subject))?.[1]
  return fitting ?? otherwise[languageById(languageId)?.scriptType ?? ''] ?? otherwiseElsewhere
}

/** The output of a failed run; undefined if the ending has its own text. */
export function complaintOf({ languageId }: Script, { flavour, text = '' }: Ending): string | undefined {
  if (flavour !== 'error') return undefined
  const complaint = complaints[languageById(languageId)?.scriptType ?? ''] ?? complaintElsewhere
  return complaint.replace('WHY', text.toLowerCase())
}

const echoes = /^[ \t]*(?:echo|Write-Output|Write-Host)[ \t]+(["']?)(.+?)\1[ \t]*;?\r?$/gim
const prints = /^[ \t]*(?:print|WScript\.Echo)\b[ \t]*\(?[ \t]*f?(["'])(.*?)\1/gim

/** The texts that a script echoes. Variables become placeholders for the host's name or a number. */
function saidBy(content: string): string {
  const texts = [...content.matchAll(echoes), ...content.matchAll(prints)]
    .sort((a, b) => a.index - b.index)
    .map(([, , text = '']) => text)
  return texts
    .map((text) => `${text.replaceAll(hostNames, '{host}').replaceAll(variables, '{1-900}')}\n`)
    .join('')
}

const hostNames = /\$env:COMPUTERNAME|\$\(hostname\)|`hostname`|\$\{?HOSTNAME\}?/gi
const variables = /\$\([^)]*\)|\$\{[^}]*\}|\$[\w:.]+/g

const holes =
  /\{(?:(host|ip|time|guid|bytes)|(\d{1,6})-(\d{1,6})|((?:[^{}|]|\{bytes\})*(?:\|(?:[^{}|]|\{bytes\})*)+))\}/g

/** Fills the placeholders for one host: a name of `values`, a number in a range, or one of several texts. */
export function filled(print: string, random: Random, row: AssetJob): string {
  const values: Readonly<Record<string, () => string>> = {
    host: () => row.asset.name,
    ip: () => `10.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`,
    time: () => row.enddate ?? new Date(row.created.dateTime).toISOString(),
    guid: () => random.uuid(),
    bytes: () => String(random.between(100_000, 9_999_999)),
  }
  return print.replaceAll(holes, (_, name?: string, low?: string, high?: string, choice?: string) => {
    if (name !== undefined) return values[name]?.() ?? ''
    if (low !== undefined) return String(random.between(Number(low), Number(high)))
    return filled(random.pick((choice ?? '').split('|')), random, row)
  })
}
