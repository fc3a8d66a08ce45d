import { z } from 'zod'
import { origin, platform } from './addresses.ts'
import {
  boolean,
  choice,
  commaList,
  effects,
  nameList,
  proxy,
  routes,
  scriptPins,
  secret,
  wholeNumber,
} from './parsers.ts'
import { path, pathOfNode, secretPath, xdgFolder } from './paths.ts'

/** One setting: its name, the parser of its text, and how it can be set. */
export interface Spec<S extends z.ZodType> {
  readonly env: string
  readonly schema: S
  /** The default, as text. */
  readonly default?: string
  /** Never printed, has no flag, and can be read from the file that `<env>_FILE` names. */
  readonly secret?: true
  /** A safety setting: an empty value would switch it off unnoticed, so it stops the start. */
  readonly rejectEmpty?: true
  /** Another accepted name. */
  readonly alias?: string
  readonly help: string
}

const setting = <S extends z.ZodType, const F extends Omit<Spec<S>, 'env' | 'schema' | 'help'>>(
  env: string,
  schema: S,
  help: string,
  more?: F,
) => ({ env, schema, help, ...more }) as Spec<S> & F

/** Every setting, in the order of the documentation. */
export const specs = {
  platform: setting(
    'QUALYS_PLATFORM',
    platform,
    'Platform code (`US1` … `GOV1`), any host of it, or the base domain of a private platform',
  ),
  gatewayUrl: setting('QUALYS_GATEWAY_URL', origin, 'Gateway address (CAR), instead of the platform'),
  apiUrl: setting('QUALYS_API_URL', origin, 'API server address (SAQ), instead of the platform'),
  username: setting('QUALYS_USERNAME', z.string(), 'User name'),
  password: setting('QUALYS_PASSWORD', secret, 'Password', { secret: true }),
  clientId: setting(
    'QUALYS_CLIENT_ID',
    z.string(),
    'Client id, instead of user name and password on the gateway',
  ),
  clientSecret: setting('QUALYS_CLIENT_SECRET', secret, 'Client secret', { secret: true }),
  clientLevel: setting(
    'QUALYS_CLIENT_LEVEL',
    choice(['user', 'subscription']),
    'Level of the client: `user` (`/auth/oidc`) or `subscription` (`/auth/oauth`)',
    { default: 'user' },
  ),
  tokenFile: setting(
    'QUALYS_TOKEN_FILE',
    secretPath,
    'File with a JWT minted elsewhere; read again when refused',
  ),
  sandbox: setting('QUALYS_SANDBOX', boolean, 'Use the built-in sandbox: no account, no network', {
    default: '0',
  }),
  mode: setting(
    'QUALYS_MODE',
    choice(['read-only', 'confirm', 'unattended']),
    '`read-only`: no tool with an effect is listed; `confirm`: a person approves each; `unattended`: nobody is asked',
    { default: 'confirm' },
  ),
  confirm: setting(
    'QUALYS_CONFIRM',
    effects,
    'Effects that need a person’s yes in mode `confirm`: any of create, update, delete, execute',
    { default: 'create,update,delete,execute' },
  ),
  maxAssetsPerRun: setting(
    'QUALYS_MAX_ASSETS_PER_RUN',
    wholeNumber(0, 1_000_000),
    'Most hosts of one run or schedule; an unknown number counts as over the limit',
    { default: '25' },
  ),
  maxBulk: setting('QUALYS_MAX_BULK', wholeNumber(1, 1_000), 'Most objects of one bulk call', {
    default: '100',
  }),
  allowedScripts: setting(
    'QUALYS_ALLOWED_SCRIPTS',
    scriptPins,
    'Only these scripts may run: `id`, or `id@sha256` of the content; tools cannot change them',
    { rejectEmpty: true },
  ),
  allowedTags: setting(
    'QUALYS_ALLOWED_TAGS',
    commaList,
    'Scripts may run only on hosts with one of these tags (ids or names)',
    { rejectEmpty: true },
  ),
  blockedTags: setting(
    'QUALYS_BLOCKED_TAGS',
    commaList,
    'Scripts may not run on hosts with one of these tags',
    {
      rejectEmpty: true,
    },
  ),
  auditFile: setting(
    'QUALYS_AUDIT_FILE',
    path,
    'Audit log (JSON Lines); when it cannot be written, nothing is changed',
    { rejectEmpty: true },
  ),
  stateDir: setting(
    'QUALYS_STATE_DIR',
    path,
    'Folder of calls that wait for `approve`, instead of `qualys-mcp` in `XDG_STATE_HOME` or `~/.local/state`',
  ),
  stateHome: setting(
    'XDG_STATE_HOME',
    xdgFolder,
    'Folder of the state of programs, instead of `~/.local/state`; a relative one is left out',
  ),
  exportDir: setting(
    'QUALYS_EXPORT_DIR',
    path,
    'Folder of exports, which nobody else may write, instead of `exports` in `QUALYS_STATE_DIR`',
  ),
  exportMaxMb: setting(
    'QUALYS_EXPORT_MAX_MB',
    wholeNumber(1, 100_000),
    'Largest export file in megabytes; rows beyond it are left out, and the reply says so. A CSV export needs up to three times as much while it is written. New exports are refused once the folder holds ten times as much, or 10,000 files',
    { default: '200' },
  ),
  exportDays: setting(
    'QUALYS_EXPORT_DAYS',
    wholeNumber(0, 36_500),
    'Exports older than this many days are hidden, and deleted when the next export begins; `0` keeps them',
    { default: '7' },
  ),
  unverified: setting(
    'QUALYS_UNVERIFIED',
    choice(['reads', 'all', 'none']),
    'Tools on paths that Qualys does not publish: list those that read (`reads`), `all`, or `none`',
    { default: 'reads' },
  ),
  routes: setting(
    'QUALYS_ROUTES',
    routes,
    'Right paths for guessed ones: a JSON object tool → `METHOD /path`',
    { default: '{}' },
  ),
  toolsets: setting('QUALYS_TOOLSETS', nameList, 'Only these toolsets, e.g. `car` or `car.runs,car.scripts`'),
  tools: setting('QUALYS_TOOLS', nameList, 'Only these tools (with `QUALYS_TOOLSETS`: these as well)'),
  excludeTools: setting('QUALYS_EXCLUDE_TOOLS', nameList, 'Never these tools', { default: '' }),
  reply: setting(
    'QUALYS_REPLY',
    choice(['text', 'json']),
    '`json`: structured content and output schemas for programs',
    { default: 'text' },
  ),
  resourceLinks: setting(
    'QUALYS_RESOURCE_LINKS',
    choice(['auto', 'always', 'never']),
    'Resource links in replies, besides the address in the text: `auto` leaves them out for clients that fail on them',
    { default: 'auto' },
  ),
  replyChars: setting('QUALYS_REPLY_CHARS', wholeNumber(2_000, 400_000), 'Most characters of one reply', {
    default: '24000',
  }),
  maxWaitSeconds: setting(
    'QUALYS_MAX_WAIT_SECONDS',
    wholeNumber(0, 3600),
    'Longest wait for a limit or a retry within one call',
    { default: '40' },
  ),
  connectTimeoutSeconds: setting(
    'QUALYS_CONNECT_TIMEOUT_SECONDS',
    wholeNumber(1, 600),
    'Longest wait for a connection to Qualys, or to the proxy',
    { default: '10' },
  ),
  headersTimeoutSeconds: setting(
    'QUALYS_HEADERS_TIMEOUT_SECONDS',
    wholeNumber(1, 3600),
    'Longest wait for an answer of Qualys to begin',
    { default: '30' },
  ),
  bodyTimeoutSeconds: setting(
    'QUALYS_BODY_TIMEOUT_SECONDS',
    wholeNumber(1, 3600),
    'Longest pause within an answer of Qualys',
    { default: '30' },
  ),
  callTimeoutSeconds: setting(
    'QUALYS_CALL_TIMEOUT_SECONDS',
    wholeNumber(1, 86_400),
    'Longest time of one tool call, whatever it waits for; the time a person takes to say yes does not count',
    { default: '900' },
  ),
  concurrency: setting('QUALYS_CONCURRENCY', wholeNumber(1, 16), 'Requests to Qualys at the same time', {
    default: '2',
  }),
  pageBy: setting(
    'QUALYS_SAQ_PAGING',
    choice(['offset', 'id']),
    'SAQ pagination: by `offset` (documented), or by an `id` cursor, which no SAQ page documents',
  ),
  caFile: setting(
    'QUALYS_CA_FILE',
    path,
    'PEM file of CAs to trust besides the built-in ones and those of `NODE_EXTRA_CA_CERTS`',
  ),
  nodeCaFile: setting('NODE_EXTRA_CA_CERTS', pathOfNode, 'PEM file of CAs that Node itself trusts'),
  httpsProxy: setting('HTTPS_PROXY', proxy, 'Proxy for https', { secret: true, alias: 'https_proxy' }),
  httpProxy: setting('HTTP_PROXY', proxy, 'Proxy for https where `HTTPS_PROXY` is not set', {
    secret: true,
    alias: 'http_proxy',
  }),
  noProxy: setting('NO_PROXY', z.string(), 'Hosts that need no proxy', { alias: 'no_proxy' }),
  logLevel: setting(
    'QUALYS_LOG_LEVEL',
    choice(['silent', 'error', 'warn', 'info', 'debug']),
    'What the server logs to stderr, as JSON Lines: `debug` has every request to Qualys, never a body',
    { default: 'info' },
  ),
} as const
