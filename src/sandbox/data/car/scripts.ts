import { authors, customerUuid } from '../accounts.ts'
import { encodeBase64 } from '../base64.ts'
import { anchor, day } from '../calendar.ts'
import type { Random } from '../random.ts'
import { categories, languageById, scriptTypes } from './content/languages.ts'
import { type Subject, subjects } from './content/subjects.ts'
import { type Script, type ScriptStatus, scriptStatuses } from './rows.ts'
import { sample } from './sample.ts'

const scriptCount = 120
/**
 * Script ids that occur in vendor samples (export, update, library import) and must exist: position to id.
 */
const fixedIds: Readonly<Record<number, number>> = { 68: 61179, 109: 86174 }

const editions = ['', ' - servers', ' (pilot)']

/** 120 scripts in every status, oldest first; the second is the script of the getting-started page. */
export function makeScripts(random: Random): Script[] {
  const firstDay = Date.parse('2022-07-01T08:00:00Z')
  const step = (anchor - 2 * day - firstDay) / scriptCount
  const scripts = [
    makeScript(random, 16515, Date.parse('2022-05-03T09:12:44.310Z'), subjects[0] as Subject, '', 'APPROVED'),
    makeSampleScript(random),
  ]
  for (let index = 2; index < scriptCount; index++) {
    const subject = subjects[(index - 2) % subjects.length] as Subject
    const edition = editions[Math.floor((index - 2) / subjects.length)] as string
    const id = fixedIds[index] ?? 19218 + 610 * index + random.below(600)
    const created = Math.round(firstDay + step * index + random.below(step * 0.9))
    scripts.push(makeScript(random, id, created, subject, edition, pickStatus(random, index)))
  }
  return scripts
}

/** Four of five are approved; one of each other status is among the first ones. */
function pickStatus(random: Random, index: number): ScriptStatus {
  const early: Readonly<Record<number, ScriptStatus>> = {
    5: 'PENDING_TEST',
    8: 'PENDING_APPROVAL',
    11: 'REJECTED',
    14: 'DEPRECATED',
  }
  if (index < 16) return early[index] ?? 'APPROVED'
  return random.chance(0.8) ? 'APPROVED' : random.pick(scriptStatuses.assumed.names)
}

function makeScript(
  random: Random,
  id: number,
  created: number,
  [languageId, subType, title, description]: Subject,
  edition: string,
  status: ScriptStatus,
): Script {
  const { name: languageName, platform } = languageById(languageId)
  const [customScript, customQid, remediation] = scriptTypes
  const isCustomScript = random.chance(0.85)
  const type = isCustomScript ? customScript : subType === 'Detection' ? customQid : remediation
  const hasParameters = isCustomScript && random.chance(0.2)
  const params = hasParameters
    ? [{ key: encodeBase64('path'), value: encodeBase64(platform === 'WINDOWS' ? 'C:\\' : '/') }]
    : []
  return {
    id,
    title: title + edition,
    description,
    typeId: type.id,
    typeName: type.name,
    subType,
    languageId,
    languageName,
    platform,
    category: { ...random.pick(categories) },
    severity: random.between(1, 5),
    threshold: random.pick([120, 250, 300, 600, 3600]),
    status,
    created: { dateTime: created },
    updatedDateTime: created + random.below(2 * day),
    createdBy: { ...random.pick(authors) },
    customerUuid,
    hasParameters,
    params,
    content: scriptContent(languageId, title, hasParameters),
  }
}

function makeSampleScript(random: Random): Script {
  const subject: Subject = [201, 'Detection', sample.title, 'Backup of the reporting database, checked.']
  return {
    ...makeScript(random, sample.scriptId, Date.parse('2022-06-22T07:43:00.047Z'), subject, '', 'APPROVED'),
    typeId: 1,
    typeName: 'Custom Script',
    category: { ...sample.category },
    severity: sample.severity,
    threshold: sample.threshold,
    hasParameters: false,
    params: [],
  }
}

/** The text of a script in its language, in base64. */
export function scriptContent(languageId: number, title: string, hasParameters = false): string {
  return encodeBase64(scriptText(languageId, title, hasParameters))
}

function scriptText(languageId: number, title: string, hasParameters: boolean): string {
  const oneLine = title.replaceAll(/\s+/g, ' ')
  switch (languageById(languageId).scriptType) {
    case 'PowerShell':
      return `# ${oneLine}\r\n${hasParameters ? 'param([string]$Path)\r\n' : ''}$ErrorActionPreference = 'Stop'\r\nGet-CimInstance Win32_OperatingSystem | Select-Object Caption, Version\r\nexit 0\r\n`
    case 'Python':
      return `"""${oneLine}"""\nimport platform, sys\n\nprint(platform.platform()${hasParameters ? ', sys.argv[1]' : ''})\nsys.exit(0)\n`
    case 'VBScript':
      return `' ${oneLine}\r\nWScript.Echo CreateObject("WScript.Network").ComputerName\r\nWScript.Quit 0\r\n`
    case 'Perl':
      return `# ${oneLine}\nuse strict;\nprint qx(uname -a);\nexit 0;\n`
    case 'Lua':
      return `-- ${oneLine}\nprint(io.popen("uname -a"):read("a"))\nos.exit(0)\n`
    default:
      return `#!/bin/sh\n# ${oneLine}\nset -eu\nuname -a\n${hasParameters ? 'ls -la "$1"\n' : ''}exit 0\n`
  }
}
