import { helpText } from '../../../src/cli/help.ts'
import { platforms } from '../../../src/config/platforms.ts'
import { flagOf } from '../../../src/config/settings.ts'
import { specs } from '../../../src/config/specs.ts'
import { code, codes, table } from './table.ts'

// Blocks about settings and the command line.

type Setting = (typeof specs)[keyof typeof specs]

const variable = (spec: Setting): string =>
  'secret' in spec && spec.env.startsWith('QUALYS_') ? codes([spec.env, `${spec.env}_FILE`]) : code(spec.env)

const fallback = (spec: Setting): string => ('default' in spec && spec.default ? code(spec.default) : '')

export function settingTable(): string {
  return table(
    ['variable', 'flag', 'default', 'meaning'],
    Object.values(specs).map((spec) => {
      const flag = flagOf(spec)
      return [variable(spec), flag === undefined ? '' : code(flag), fallback(spec), spec.help]
    }),
  )
}

/** The settings that nearly every operator looks at. */
const essentials = [
  'platform',
  'username',
  'password',
  'mode',
  'toolsets',
  'maxAssetsPerRun',
  'allowedScripts',
  'auditFile',
  'unverified',
  'sandbox',
] as const satisfies readonly (keyof typeof specs)[]

export function essentialTable(): string {
  return table(
    ['variable', 'default', 'meaning'],
    essentials.map((name) => [variable(specs[name]), fallback(specs[name]), specs[name].help]),
  )
}

export function platformTable(): string {
  const host = (url: string): string => code(new URL(url).host)
  return table(
    ['`QUALYS_PLATFORM`', 'gateway (CAR)', 'API server (SAQ)'],
    platforms.map(({ code: name, gatewayUrl, apiUrl }) => [code(name), host(gatewayUrl), host(apiUrl)]),
  )
}

/** What `qualys-mcp --help` prints. */
export function commandLine(): string {
  return `\`\`\`text\n${helpText()}\n\`\`\``
}
