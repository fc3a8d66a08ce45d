import { keyNames, passwordNames } from './credential-rules.ts'
import { entropyOf, isPlaceholder } from './examples.ts'

// Passwords and keys that a script gives to a name, an option or a command. Only the value is judged: what is
// filled in, read from elsewhere or plain words is none.

/** A value in quotes, or without them up to white space or an operator. */
const value =
  '(?:@?\\\\{0,3}"(?<double>[^"\\\\\\n]{1,200})\\\\{0,3}"|\'(?<single>[^\'\\n]{1,200})\'|(?<bare>[^\\s"\'`,;&|<>(){}[\\]\\\\]{5,200})(?=[\\s"\'`;&|<\\\\]|,[\\w.]{1,40}=|$))'
const quoted = '\\\\{0,3}["\'](?<double>[^"\'\\\\\\n]{1,200})\\\\{0,3}["\']'

/** `lineStart`: what may stand before a member that is written `name: value`, without quotes. */
const assignment = (name: string, lineStart: string): RegExp[] => [
  new RegExp(
    `${name}(?:(?<member>(?<=${lineStart}[\\w.-]{0,60}))|)["'\\]\\\\]{0,4}(?<blank>[ \\t]{0,4})(?<sign>=>|:=|[=:])(?<gap>[ \\t]{0,4})${value}`,
    'gim',
  ),
  // An option: --password x, /pass x, /pass:x.
  new RegExp(`${name}(?<=(?:^|[\\s"'(])(?:--?|/)[\\w-]{0,40})(?:[ \\t]{1,4}|:)${value}`, 'gim'),
  // SetEnvironmentVariable("DB_PASSWORD", "x"), define('DB_PASSWORD', 'x')
  new RegExp(`${name}(?<=\\(\\s{0,4}["'][\\w.:-]{0,60})["'],\\s{0,4}${quoted}`, 'gi'),
  new RegExp(`${name}(?<=\\bsetx[ \\t]{1,4}"?\\w{0,60})"?[ \\t]{1,4}${value}`, 'gi'),
  // <password>x</password>, <Password><Value>x</Value>, <add key="password" value="x"/>
  new RegExp(`${name}>\\s{0,8}(?:<value>)?(?<double>[^<>\\s]{1,200})</`, 'gi'),
  new RegExp(`${name}["']\\s{1,4}value=${quoted}`, 'gi'),
  // reg add … /v DefaultPassword /t REG_SZ /d x, Set-ItemProperty -Name DefaultPassword -Value x
  new RegExp(
    `${name}["']?(?:[ \\t]{1,4}/t[ \\t]{1,4}\\w{1,20})?[ \\t]{1,4}(?:/d|-Value)[ \\t]{1,4}${value}`,
    'gi',
  ),
]

/** Commands, and the option after which they take a password. */
const passwordOptions: readonly (readonly [command: string, option: string])[] = [
  ['(?:sshpass|psexec(?:64)?|docker[ \\t]{1,4}login|az[ \\t]{1,4}login)', '-p'],
  ['mysql(?:dump|admin|import)?', '-p'],
  ['(?:sqlcmd|osql|bcp)', '-P'],
  ['(?:plink|pscp|psftp)', '-pw'],
  ['ldap(?:search|modify|add|delete|passwd)', '-w'],
  ['redis-cli', '-a'],
  ['schtasks', '/rp'],
  ['openssl[ \\t]{1,4}enc', '-k'],
  ['smbclient', '-U[ \\t]{0,4}["\']?[^\\s%]{1,60}%'],
]

/** Commands and functions that take a password in place. */
const commands: readonly RegExp[] = [
  ...passwordOptions.map(
    ([command, option]) =>
      new RegExp(`\\b${command}(?:\\.exe)?(?=\\s)[^\\n|;]{0,200}?\\s${option}[ \\t=:]{0,4}${value}`, 'g'),
  ),
  /\bcurl\b[^\n]{0,300}?\s(?:-u|--(?:proxy-)?user)[ \t=]{0,4}["']?[^\s:"'$]{1,60}:(?<double>[^\s"'\\]{1,100})/g,
  new RegExp(
    `\\bnet(?:\\.exe)?[ \\t]{1,4}user[ \\t]{1,4}(?:"[^"\\n]{1,60}"|[^\\s"]{1,60})[ \\t]{1,4}${value}`,
    'gi',
  ),
  /\bnet(?:\.exe)?[ \t]{1,4}use\b[^\n]{0,120}?[ \t](?<double>[^\s/"]{1,100})[ \t]{1,4}\/user:/gi,
  /\becho[ \t]{1,4}(?:-n[ \t]{1,4})?["']?[\w.-]{1,40}:(?<double>[^\s"'|]{1,100})["']?[ \t]{0,4}\|[^\n]{0,40}\bchpasswd\b/g,
  /\becho[ \t]{1,4}(?:-n[ \t]{1,4})?["']?(?<double>[^\s"'|]{1,100})["']?[ \t]{0,4}\|[^\n]{0,40}(?:\bpasswd\b[^\n]{0,20}--stdin|\bsudo\b[^\n]{0,20}-S)/g,
  new RegExp(`\\b(?:sudo|kinit)\\b[^\\n]{0,40}<<<\\s{0,4}${value}`, 'g'),
  new RegExp(
    `\\bhtpasswd[ \\t]{1,4}-\\w{0,4}b\\w{0,4}(?:[ \\t]{1,4}[^\\s"]{1,100}){2}[ \\t]{1,4}${value}`,
    'g',
  ),
  /-pass(?:in|out)?[ \t]{1,4}["']?pass:(?<double>[^\s"']{1,100})/g,
  new RegExp(`\\bConvertTo-SecureString\\b(?=[\\s\\S]{0,200}?-AsPlainText)[^|)"']{0,80}${quoted}`, 'gi'),
  new RegExp(
    `\\bConvertTo-SecureString(?=[^\\n]{0,200}?-AsPlainText)(?:[ \\t]{1,4}-(?:String|AsPlainText|Force)\\b){0,3}[ \\t]{1,4}${value}`,
    'gi',
  ),
  /["'](?<double>[^"'\n]{1,100})["']\s{0,4}\|\s{0,4}ConvertTo-SecureString\b/gi,
  /\bauth\s{0,4}=\s{0,4}\(\s{0,4}["'][^"'\n]{1,60}["'],\s{0,4}["'](?<double>[^"'\n]{1,100})["']/g,
  /\.login\(\s{0,4}["'][^"'\n]{1,60}["'],\s{0,4}["'](?<double>[^"'\n]{1,100})["']/g,
  /\bconnect\(\s{0,4}["']dbi:[^"'\n]{0,200}["'],\s{0,4}["'][^"'\n]{0,60}["'],\s{0,4}["'](?<double>[^"'\n]{1,100})["']/gi,
  new RegExp(`\\bNetworkCredential\\(\\s{0,4}["'][^"'\\n]{0,100}["']\\s{0,4},\\s{0,4}${quoted}`, 'gi'),
  new RegExp(`\\bSetPassword["']?\\s{0,4}[(,]\\s{0,4}${quoted}`, 'gi'),
]

const authorization = [
  /\bAuthorization["'\\]{0,4}\s{0,4}[:=]\s{0,4}["'\\]{0,4}(?:Bearer|Basic|Token|ApiKey|SSWS)[ \t]{1,4}(?<double>[\w.~+/=-]{12,4000})/gi,
]

const addresses = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>]{0,60}:(?<double>[^\s/@"'<>]{3,100})@(?=[\w[$%])/gi,
  /\bhttps?:\/\/(?<double>[\w-]{20,100})@(?=[\w.-])/gi,
]

/** A pattern, a place for a value, an option, or a color. */
const isPattern = (text: string): boolean => /\.[*+]|%s|^[:@?]\w*$|^-|^#[0-9a-f]{3,8}$/i.test(text)
const has = (text: string, ...patterns: readonly RegExp[]): boolean => patterns.every((one) => one.test(text))

/** Names and words that are joined: kv-db-password-01. */
const isJoinedWords = (text: string): boolean =>
  /^[A-Za-z]{1,20}(?:[-_./:](?:[A-Za-z]{1,20}\d{0,4}|\d{1,4}))+$/.test(text) &&
  !/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)

/** True for a password: one word with a digit or a sign in it. */
function isPassword(text: string): boolean {
  if (text.length < 5 || /\s/.test(text) || isPlaceholder(text) || isPattern(text)) return false
  return has(text, /[^\d.,:/-]/, /[^\p{L}_.-]/u)
}

/** In an address, a password may be letters alone: mixed, so that no word is taken for one. */
const isAddressPassword = (text: string): boolean =>
  isPassword(text) || (/^(?=.*[a-z].*[A-Z])[A-Za-z]{8,}$/.test(text) && !isPlaceholder(text))

/** True for a key or a token: long, mixed, and no words. */
function isKey(text: string): boolean {
  if (/\s/.test(text) || isPlaceholder(text) || isPattern(text) || isJoinedWords(text)) return false
  if (text.length < 16) return text.length >= 8 && has(text, /[A-Za-z]/, /\d/, /[!@#$%^*?]/)
  return has(text, /[A-Za-z]/, /\d/) && entropyOf(text) >= 3
}

/** Without quotes, a value may be a name of the language: it must look like no name. */
function isBareSecret(
  text: string,
  { sign = '', blank = '', gap = '', member }: Readonly<Record<string, string | undefined>>,
): boolean {
  // Without a blank, a colon separates fields, as in /etc/shadow; elsewhere on a line, it belongs to a sentence.
  if (sign === ':' && (gap === '' || member === undefined)) return false
  // In Python or PowerShell, blanks stand around the sign, and the name of a variable may follow.
  const mayBeName = sign === '=' && blank !== ''
  if (text.length >= 6 && has(text, mayBeName ? /[!@#^*?%]/ : /[!@#$^*?%]/, /[A-Za-z]/)) return true
  const isMixed = text.length >= 8 && has(text, /[A-Za-z]/, /\d/) && !/[_.:]/.test(text)
  return (
    isMixed &&
    (!mayBeName || (has(text, /[A-Z]/, /[a-z]/, /\d.*\d/) && !/token|key|secret|pass|\$/i.test(text)))
  )
}

/** A secret in a text. */
export interface FoundSecret {
  readonly kind: string
  readonly index: number
  readonly length: number
}

function search(
  text: string,
  kind: string,
  patterns: readonly RegExp[],
  isSecret: (value: string) => boolean,
): FoundSecret[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const groups = match.groups ?? {}
      const secret = groups['double'] ?? groups['single'] ?? groups['bare']?.replace(/\/$/, '') ?? ''
      const isBare = groups['bare'] !== undefined
      if (!isSecret(secret) || (isBare && !isBareSecret(secret, groups))) return []
      return [{ kind, index: match.index + match[0].lastIndexOf(secret), length: secret.length }]
    }),
  )
}

const passwordPatterns = [...assignment(passwordNames, `^[ \\t"'#/*-]{0,20}`), ...commands]
const keyPatterns = assignment(keyNames, `(?:^|["'])[ \\t"'#/*-]{0,20}`)

/** Passwords, keys and tokens that stand in a text as values. */
export const findAssigned = (text: string): FoundSecret[] => [
  ...search(text, 'a password', passwordPatterns, isPassword),
  ...search(text, 'a password in an address', addresses, isAddressPassword),
  ...search(text, 'a key or token', [...keyPatterns, ...authorization], isKey),
]

const passwordName = new RegExp(`${passwordNames}$`, 'i')
const keyName = new RegExp(`${keyNames}$`, 'i')

/** The kind of secret that a parameter with this name and value is, if it is one. */
export function kindOfParameter(name: string, text: string): string | undefined {
  if (passwordName.test(name) && isPassword(text)) return 'a password'
  return keyName.test(name) && isKey(text) ? 'a key or token' : undefined
}
