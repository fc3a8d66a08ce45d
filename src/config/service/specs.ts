import { z } from 'zod'
import { effects, secret, wholeNumber } from '../parsers.ts'
import { path, secretPath } from '../paths.ts'
import { setting } from '../setting.ts'
import {
  algorithms,
  hostHeaders,
  issuerUrl,
  listenHost,
  networks,
  origins,
  publicUrl,
  roleRules,
  words,
} from './parsers.ts'

const guard = { rejectEmpty: true } as const

/** The settings of `qualys-mcp http` (design 12), in the order of the documentation. */
export const serviceSpecs = {
  httpHost: setting(
    'QUALYS_HTTP_HOST',
    listenHost,
    '`http`: the name or address to listen on; `localhost` means both loopback addresses',
    { default: 'localhost' },
  ),
  httpPort: setting('QUALYS_HTTP_PORT', wholeNumber(0, 65_535), '`http`: the port; `0` takes a free one', {
    default: '8765',
  }),
  publicUrl: setting(
    'QUALYS_PUBLIC_URL',
    publicUrl,
    '`http`: the address at which people and clients reach it, as https and a host name',
  ),
  httpHosts: setting(
    'QUALYS_HTTP_HOSTS',
    hostHeaders,
    '`http`: host names that requests may name besides those of `QUALYS_PUBLIC_URL` and of the address it listens on',
    guard,
  ),
  httpOrigins: setting(
    'QUALYS_HTTP_ORIGINS',
    origins,
    '`http`: origins of web pages that may call it besides its own; programs send none',
    guard,
  ),
  tlsCertFile: setting(
    'QUALYS_TLS_CERT_FILE',
    path,
    '`http`: PEM file with its certificate and those between it and the CA; read again when it changes',
    guard,
  ),
  tlsKeyFile: setting(
    'QUALYS_TLS_KEY_FILE',
    path,
    '`http`: PEM file with the key of the certificate, which nobody else may read',
    guard,
  ),
  behindProxy: setting(
    'QUALYS_BEHIND_PROXY',
    networks,
    '`http`: addresses of the proxy in front of it, such as `10.1.2.3` or `10.1.0.0/16`; connections from others are closed',
    guard,
  ),
  callersFile: setting(
    'QUALYS_CALLERS_FILE',
    path,
    '`http`: JSON file of the callers and the hashes of their tokens (`callers add` writes it), which nobody else may read; read again when it changes',
    guard,
  ),
  oidcIssuer: setting(
    'QUALYS_OIDC_ISSUER',
    issuerUrl,
    '`http`: OpenID issuer whose access tokens callers bring, instead of or besides the callers file',
    guard,
  ),
  oidcAudience: setting(
    'QUALYS_OIDC_AUDIENCE',
    words,
    '`http`: audiences of which a token of the issuer must have one',
    guard,
  ),
  oidcRoles: setting(
    'QUALYS_OIDC_ROLES',
    roleRules,
    '`http`: what a token of the issuer gives: a JSON object `claim:value` → role or list of roles',
    guard,
  ),
  oidcAlgorithms: setting(
    'QUALYS_OIDC_ALGORITHMS',
    algorithms,
    '`http`: algorithms with which the issuer may sign',
    { default: 'RS256,PS256,ES256,EdDSA' },
  ),
  oidcClientId: setting(
    'QUALYS_OIDC_CLIENT_ID',
    z.string(),
    '`http`: client id with which people log in to the approval page at the issuer; its redirect address is `QUALYS_PUBLIC_URL` with `/login/done`',
    guard,
  ),
  oidcClientSecret: setting(
    'QUALYS_OIDC_CLIENT_SECRET',
    secret,
    '`http`: secret of that client, unless it is a public one',
    { secret: true },
  ),
  fourEyes: setting(
    'QUALYS_FOUR_EYES',
    effects,
    '`http`: effects to which another person than the one who asks says yes: any of create, update, delete, execute',
    guard,
  ),
  callsPerMinute: setting(
    'QUALYS_CALLS_PER_MINUTE',
    wholeNumber(1, 1_000_000),
    '`http`: requests of one caller within a minute, on average; a sixth of them may come at once',
    { default: '600' },
  ),
  maxConnections: setting(
    'QUALYS_MAX_CONNECTIONS',
    wholeNumber(1, 100_000),
    '`http`: most open connections',
    { default: '1000' },
  ),
  metricsHost: setting(
    'QUALYS_METRICS_HOST',
    listenHost,
    '`http`: the name or address on which `/metrics` and `/readyz` are served without a caller',
    { default: 'localhost' },
  ),
  metricsPort: setting(
    'QUALYS_METRICS_PORT',
    wholeNumber(0, 65_535),
    '`http`: the port for `/metrics` and `/readyz`; without it they need a caller with the role admin',
  ),
  drainSeconds: setting(
    'QUALYS_DRAIN_SECONDS',
    wholeNumber(0, 600),
    '`http`: how long effects that were sent may take to be answered once it is told to end',
    { default: '25' },
  ),
  replicas: setting(
    'QUALYS_REPLICAS',
    wholeNumber(1, 1_000),
    '`http`: how many of it run for one account; above 1 effects are refused, since they share no store yet',
    { default: '1' },
  ),
  connectTokenFile: setting(
    'QUALYS_CONNECT_TOKEN_FILE',
    secretPath,
    '`connect` and `doctor --http`: file with the token for the service, which nobody else may read; read again when it changes',
    guard,
  ),
  connectClientId: setting(
    'QUALYS_CONNECT_CLIENT_ID',
    z.string(),
    '`connect`: client id to log in with at the issuer of the service, on a page that a person opens',
    guard,
  ),
} as const
