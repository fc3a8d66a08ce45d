import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { composeFaults } from '../../support/deployment/lint/compose.ts'
import { dockerfileFaults } from '../../support/deployment/lint/dockerfile.ts'
import { nginxFaults } from '../../support/deployment/lint/nginx.ts'
import { unitFaults } from '../../support/deployment/lint/unit-file.ts'
import { replaced } from '../../support/deployment/page.ts'

// The files of packaging/, and that each rule finds what breaks it.

const file = (name: string): string => readFileSync(`packaging/${name}`, 'utf8')

/** A change of a file, and the fault that it makes. */
type Break = readonly [from: string, to: string, fault: string]

const kinds: Readonly<
  Record<string, { readonly faults: (text: string) => string[]; readonly breaks: readonly Break[] }>
> = {
  Dockerfile: {
    faults: dockerfileFaults,
    breaks: [
      ['node:22-bookworm-slim', 'node:latest', 'node:latest must be pinned by its tag'],
      ['node:22-bookworm-slim AS', 'node:24-slim AS', 'all stages must have one base image'],
      ['COPY src src', 'ADD src src', 'COPY must be used'],
      ['NODE_ENV=production', 'QUALYS_PASSWORD=x', 'no secret may be in the image'],
      ['npm ci', 'npm install', 'npm ci must be used'],
      ['USER 10001:10001', 'USER root', 'the user must be two numbers'],
      ['USER 10001:10001', 'USER node', 'the user must be two numbers'],
      ['CMD ["http"]', 'CMD http', 'CMD must be in JSON form'],
      ['CMD ["node"', 'CMD ["curl"', 'the health check must be by node'],
      ['/healthz', '/', 'the health check must ask /healthz'],
      ['VOLUME /state', 'VOLUME /data', 'the state must be in a volume'],
      ['package.json LICENSE', 'package.json LICENSE test', 'nothing but the program'],
      ['RUN install -d', 'RUN npm ci && install -d', 'the image must install nothing'],
      ['description="MCP', 'description="An MCP', 'the description must be that of the package'],
    ],
  },
  'compose.yaml': {
    faults: (text) => composeFaults(text, file('nginx.conf')),
    breaks: [
      ['read_only: true', 'read_only: false', 'nginx must have a read-only root folder'],
      ['- ALL', '- CHOWN', 'qualys-mcp must give up all capabilities'],
      ['no-new-privileges:true', 'apparmor:x', 'qualys-mcp must get no new privileges'],
      ['nginx:1.28', 'nginx:latest', 'nginx must have an image that is pinned'],
      ['user: "101:101"', 'user: "0:0"', 'nginx must not be root'],
      ['source: tls-key', 'source: key', 'nginx mounts a secret that does not exist'],
      ['QUALYS_PASSWORD_FILE: ', 'QUALYS_PASSWORD: ', 'qualys-mcp must get secrets as files'],
      ['BEHIND_PROXY: 172.30.87.2', 'BEHIND_PROXY: 172.30.87.0/29', 'the address of nginx alone'],
      ['subnet: 172.30.87.0/29', 'subnet: 172.30.86.0/29', 'nginx must have an address of the network'],
      ['HTTP_PORT: "8765"', 'HTTP_PORT: "8080"', 'nginx must ask qualys-mcp at its port'],
      ['HTTP_HOST: 0.0.0.0', 'HTTP_HOST: localhost', 'qualys-mcp must listen in the network'],
      ['stop_grace_period: 40s', 'stop_grace_period: 10s', 'more time for its end'],
      ['service_healthy', 'service_started', 'nginx must wait until qualys-mcp is healthy'],
      ['- state:/state', '- state:/data', 'the state must be in a volume'],
      [
        '    secrets:\n      - qualys',
        '    ports:\n      - 8765\n    secrets:\n      - qualys',
        'must publish no port',
      ],
    ],
  },
  'nginx.conf': {
    faults: nginxFaults,
    breaks: [
      ['TLSv1.2 TLSv1.3', 'TLSv1.1 TLSv1.2', 'TLS must be of version 1.2 or later'],
      ['listen 443 ssl', 'listen 80', 'nginx must listen with TLS alone'],
      ['proxy_buffering off', 'proxy_buffering on', 'answers must not be buffered'],
      ['proxy_read_timeout 960s', 'proxy_read_timeout 60s', 'longer than the longest call'],
      ['client_max_body_size 10m', 'client_max_body_size 1m', 'as large as the service takes it'],
      ['proxy_http_version 1.1', 'proxy_http_version 1.0', 'of HTTP/1.1'],
      ['  keepalive 32;\n', '', 'connections to the service must be kept'],
      ['Host $host', 'Host $proxy_host', 'the name that the client used'],
      ['$remote_addr;', '$proxy_add_x_forwarded_for;', 'must be set, not appended'],
      ['X-Forwarded-Proto', 'X-Scheme', 'the scheme of the client must be set'],
      ['proxy_next_upstream off', 'proxy_next_upstream error', 'no request may be sent twice'],
      ['$request_method $uri', '$request', 'the log must hold no query'],
      ['qualys-mcp:8765;', 'qualys-mcp:80;', 'at its usual port'],
    ],
  },
  'qualys-mcp.service': {
    faults: unitFaults,
    breaks: [
      ['ProtectSystem=strict', 'ProtectSystem=full', 'ProtectSystem must be "strict"'],
      ['NoNewPrivileges=yes\n', '', 'NoNewPrivileges must be "yes"'],
      ['CapabilityBoundingSet=\n', 'CapabilityBoundingSet=CAP_CHOWN\n', 'CapabilityBoundingSet must be ""'],
      ['User=qualys-mcp', 'User=root', 'the service must not be root'],
      ['KillSignal=SIGTERM', 'KillSignal=SIGKILL', 'by SIGTERM'],
      ['TimeoutStopSec=40', 'TimeoutStopSec=10', 'more time for its end'],
      ['-HUP', '-USR1', 'a reload must be SIGHUP'],
      ['Restart=on-failure', 'Restart=always', 'started again after a failure'],
      ['RestartPreventExitStatus=2\n', '', 'must not be tried again'],
      ['LockPersonality=yes', 'MemoryDenyWriteExecute=yes', 'Node must be able to compile'],
      ['%d/qualys-password', '/etc/qualys-mcp/qualys-password', 'the password must be a credential'],
      ['StateDirectory=qualys-mcp', 'StateDirectory=other', 'in the state folder'],
      ['StateDirectoryMode=0700', 'StateDirectoryMode=0755', 'nobody else may read the state'],
    ],
  },
}

describe.each(Object.entries(kinds))('%s', (name, { faults, breaks }) => {
  test('breaks no rule', () => {
    expect(faults(file(name))).toEqual([])
  })

  test.each(breaks)('with "%s" as "%s" it does', (from, to, fault) => {
    expect(faults(replaced(file(name), { [from]: to })).join('\n')).toContain(fault)
  })
})
