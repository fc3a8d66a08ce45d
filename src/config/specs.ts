import { z } from 'zod'
import { origin, platform } from './addresses.ts'
import { approvalSpecs } from './approval/specs.ts'
import { limitSpecs } from './limits/specs.ts'
import { boolean, choice, effects, nameList, proxy, routes, secret, wholeNumber } from './parsers.ts'
import { path, pathOfNode, secretPath, xdgFolder } from './paths.ts'
import { serviceSpecs } from './service/specs.ts'
import { setting } from './setting.ts'

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
  ...approvalSpecs,
  ...limitSpecs,
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
  importDir: setting(
    'QUALYS_IMPORT_DIR',
    path,
    'Folder of CSV and JSON files that creating users and templates may name, which nobody else may write',
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
    'Longest time of one tool call, whatever it waits for; the time for which a form is open does not count',
    { default: '900' },
  ),
  planLookupSeconds: setting(
    'QUALYS_PLAN_LOOKUP_SECONDS',
    wholeNumber(5, 600),
    'How long after an unanswered request of a rollout nobody decides whether its run exists, beside the time-outs of the request',
    { default: '60' },
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
  ...serviceSpecs,
  logLevel: setting(
    'QUALYS_LOG_LEVEL',
    choice(['silent', 'error', 'warn', 'info', 'debug']),
    'What the server logs to stderr, as JSON Lines: `debug` has every request to Qualys, never a body',
    { default: 'info' },
  ),
} as const
