import { someJwt } from '../leak-search.ts'
import { validScript } from './refused/scripts.ts'

// Texts that look like credentials, and where an assistant may pass one.

export const letters = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const pem = (kind: string): string =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${letters}\n-----END ${kind}PRIVATE KEY-----`

export const credentials: readonly (readonly [what: string, kind: string, token: string])[] = [
  ['a personal one of GitHub', 'GitHub token', `ghp_${letters}`],
  ['one of an app’s user', 'GitHub token', `ghu_${letters}`],
  ['one of an app’s installation', 'GitHub token', `ghs_${letters}`],
  ['one of OAuth', 'GitHub token', `gho_${letters}`],
  ['one that renews', 'GitHub token', `ghr_${letters}`],
  ['a fine-grained one', 'GitHub token', `github_pat_11ABCDEFG0${letters}_${letters}`],
  ['a personal one of GitLab', 'GitLab token', `glpat-${letters.slice(0, 20)}`],
  ['a routable one', 'GitLab token', `glpat-${letters}.01.0a1b2c3d4`],
  ['one of a deployment', 'GitLab token', `gldt-${letters.slice(0, 20)}`],
  ['a JWT', 'JWT', someJwt],
  ['a private key', 'private key', pem('')],
  ['of RSA', 'private key', pem('RSA ')],
  ['of OpenSSH', 'private key', pem('OPENSSH ')],
  ['encrypted', 'private key', pem('ENCRYPTED ')],
]

/** Arguments of `car_create_script` with a text, and the one that the refusal names. */
export const argumentPlaces: readonly (readonly [argument: string, args: (text: string) => object])[] = [
  ['content', (content) => ({ ...validScript, content })],
  ['content', (text) => ({ ...validScript, content: `$token = "${text}"\n` })],
  ['description', (text) => ({ ...validScript, description: `for ${text}, please` })],
  [
    'params',
    (value) => ({
      ...validScript,
      params: [
        { key: 'a', value: 'b' },
        { key: 'token', value },
      ],
    }),
  ],
  [
    'authorScriptsMetadata',
    (text) => ({ ...validScript, authorScriptsMetadata: { cid: '1', tech: ['a', text.slice(0, 250)] } }),
  ],
  ['qid', (detectionRegex) => ({ ...validScript, qid: { detectionRegex } })],
]

export const credentialAdvice = (argument: string, kind: string): string =>
  `${argument} holds what looks like a ${kind}, and no tool takes a secret. Ask the operator to keep it as QUALYS_SECRET_<NAME>, and name it: repositoryToken: "<name>", or {key, secret: "<name>"} in params. The one passed here has been seen by others: replace it.`

/** Credentials that contain the letters of a secret's name. */
export const looksLikeName = (token: string): boolean => /^[A-Za-z][\w-]{0,63}$/.test(token)

/** Scripts without credentials. */
export const noCredentials: readonly (readonly [what: string, content: string])[] = [
  ['the word ghp_ alone', 'Look for ghp_ in files'],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----'],
  ['a commit', '0123456789abcdef0123456789abcdef01234567'],
  ['base64', Buffer.from('nothing secret, and long enough to look like it').toString('base64')],
  ['a search for keys', 'grep -l "-----BEGIN RSA PRIVATE KEY-----" /etc/ssl/private/*'],
  ['a token of an example', `token=ghp_${'x'.repeat(36)}`],
  ['a JWT without a payload', `${someJwt.split('.')[0]}.${letters}.${letters}`],
  ['names parted by dots', 'eyJ.is.no.token and neither is System.IO.File'],
]

/** The parts of JSON Schema that show where texts are. */
export interface Schema {
  readonly type?: string
  readonly enum?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

/** The places of a tool's arguments that take text, as paths. */
export function textPathsOf({ type, enum: words, items, properties = {} }: Schema): (readonly string[])[] {
  if (type === 'string') return words === undefined ? [[]] : []
  if (items) return textPathsOf(items).map((path) => ['0', ...path])
  return Object.entries(properties).flatMap(([name, inner]) =>
    textPathsOf(inner).map((path) => [name, ...path]),
  )
}

/** Members that objects need besides the one under test. */
const requiredSiblings: Readonly<Record<string, object>> = {
  key: { value: 'b' },
  value: { key: 'a' },
  secret: { key: 'a' },
  cid: { tech: ['a'] },
  tech: { cid: '1' },
  policies: { cid: '1', tech: ['a'] },
  displayName: { cid: '1', tech: ['a'] },
  params: { id: 19218 },
}

/** The value with a text at a path; missing objects are created. */
export function withText(value: unknown, [name, ...path]: readonly string[], text: string): unknown {
  if (name === undefined) return text
  const inner = (value as Record<string, unknown> | undefined)?.[name]
  if (name === '0') return [withText(inner, path, text)]
  return { ...((value ?? requiredSiblings[name]) as object | undefined), [name]: withText(inner, path, text) }
}

/**
 * Arguments that take any text: only the check for credentials can refuse it there. Others may refuse it as an
 * invalid id.
 */
export const takesAnyText =
  /(title|description|content|comment|branch|key|value|cid|displayName|tech\.0|policies\.0|detectionRegex|commands\.0|scriptName|filter|match|reportName|templateName|repositoryToken|secret)$/
