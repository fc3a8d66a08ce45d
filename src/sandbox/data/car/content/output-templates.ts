import { decodeBase64 } from '../../base64.ts'
import type { Random } from '../../random.ts'
import type { AssetJob, HostResult, Script } from '../rows.ts'
import { languageById } from './languages.ts'

/**
 * Templates for scripts about these subjects. Placeholders in braces are replaced for each host: see
 * `fillTemplate`.
 */
const subjectTemplates: readonly (readonly [subject: RegExp, template: string])[] = [
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

/** The templates of other scripts, by language. */
const languageTemplates: Readonly<Record<string, string>> = {
  PowerShell:
    'Caption                     Version\r\n-------                     -------\r\nMicrosoft Windows on {host} 10.0.{19045|22631}\r\n',
  VBScript: '{host}\r\n',
}
const defaultTemplate = '{Linux|Linux|Darwin} {host} #1 SMP x86_64\ndone at {time}\n'

/** The error messages of the interpreters; WHY is replaced by the cause. */
const errorTemplates: Readonly<Record<string, string>> = {
  PowerShell:
    'C:\\Windows\\Temp\\{guid}.ps1 : WHY on {host}\r\nAt line:12 char:3\r\n    + FullyQualifiedErrorId : ScriptError\r\n',
  Python:
    'Traceback (most recent call last):\n  File "/tmp/{guid}.py", line 12, in <module>\nOSError: WHY on {host}\n',
  VBScript: 'C:\\Windows\\Temp\\{guid}.vbs(12, 3) WScript: WHY on {host}\r\n',
}
const defaultErrorTemplate = '/tmp/{guid}: line 12: WHY on {host}\n'

/** The template of a successful run: what the script echoes, or a text that fits its subject. */
export function outputTemplate({ title, description, languageId, content }: Script): string {
  const echoed = echoedText(decodeBase64(content))
  if (echoed !== '') return echoed
  const subject = `${title} ${description}`
  const bySubject = subjectTemplates.find(([pattern]) => pattern.test(subject))?.[1]
  return bySubject ?? languageTemplates[languageById(languageId).scriptType] ?? defaultTemplate
}

/** The template of a failed run; undefined if the kind of output needs none. */
export function errorTemplate(
  { languageId }: Script,
  { outputKind, output }: HostResult,
): string | undefined {
  if (outputKind !== 'error') return undefined
  const template = errorTemplates[languageById(languageId).scriptType] ?? defaultErrorTemplate
  return template.replace('WHY', (output?.text ?? '').toLowerCase())
}

const echoPattern = /^[ \t]*(?:echo|Write-Output|Write-Host)[ \t]+(["']?)(.+?)\1[ \t]*;?\r?$/gim
const printPattern = /^[ \t]*(?:print|WScript\.Echo)\b[ \t]*\(?[ \t]*f?(["'])(.*?)\1/gim

/** The texts that a script echoes. Variables become placeholders for the host's name or a number. */
function echoedText(content: string): string {
  const texts = [...content.matchAll(echoPattern), ...content.matchAll(printPattern)]
    .sort((a, b) => a.index - b.index)
    .map(([, , text = '']) => text)
  return texts
    .map((text) => `${text.replaceAll(hostNamePattern, '{host}').replaceAll(variablePattern, '{1-900}')}\n`)
    .join('')
}

const hostNamePattern = /\$env:COMPUTERNAME|\$\(hostname\)|`hostname`|\$\{?HOSTNAME\}?/gi
const variablePattern = /\$\([^)]*\)|\$\{[^}]*\}|\$[\w:.]+/g

const placeholders =
  /\{(?:(host|ip|time|guid|bytes)|(\d{1,6})-(\d{1,6})|((?:[^{}|]|\{bytes\})*(?:\|(?:[^{}|]|\{bytes\})*)+))\}/g

/** Fills the placeholders for one host: a name of `values`, a number in a range, or one of several texts. */
export function fillTemplate(template: string, random: Random, row: AssetJob): string {
  const values: Readonly<Record<string, () => string>> = {
    host: () => row.asset.name,
    ip: () => `10.${random.below(256)}.${random.below(256)}.${random.between(1, 254)}`,
    time: () => row.enddate ?? new Date(row.created.dateTime).toISOString(),
    guid: () => random.uuid(),
    bytes: () => String(random.between(100_000, 9_999_999)),
  }
  return template.replaceAll(
    placeholders,
    (_, name?: string, low?: string, high?: string, choice?: string) => {
      if (name !== undefined) return values[name]?.() ?? ''
      if (low !== undefined) return String(random.between(Number(low), Number(high)))
      return fillTemplate(random.pick((choice ?? '').split('|')), random, row)
    },
  )
}
