import { serviceSpecs } from '../../../../src/config/service/specs.ts'
import { specs } from '../../../../src/config/specs.ts'

/** The seconds in which a person may answer a question of a call. */
const answerSeconds = 35

/** What is wrong with the file of nginx. */
export function nginxFaults(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim())
  const has = (directive: string): boolean => lines.includes(`${directive};`)
  const settingOf = (name: string): string =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1, -1) ?? ''
  const seconds = (name: string): number => Number(/^(\d+)s$/.exec(settingOf(name))?.[1] ?? 0)
  const faults = [
    !/^(?:TLSv1\.2 )?TLSv1\.3$/.test(settingOf('ssl_protocols')) && 'TLS must be of version 1.2 or later',
    lines.some((line) => /^listen (?!443 ssl;)/.test(line)) && 'nginx must listen with TLS alone',
    !has('proxy_buffering off') && 'answers must not be buffered',
    seconds('proxy_read_timeout') < Number(specs.callTimeoutSeconds.default) + answerSeconds &&
      'nginx must wait longer than the longest call',
    settingOf('client_max_body_size') !== '10m' && 'a body may be as large as the service takes it',
    !has('proxy_http_version 1.1') && 'connections to the service must be of HTTP/1.1',
    !has('proxy_set_header Connection ""') && 'connections to the service must be kept',
    !lines.some((line) => /^keepalive \d+;$/.test(line)) && 'connections to the service must be kept',
    !has('proxy_set_header Host $host') && 'the service must get the name that the client used',
    !has('proxy_set_header X-Forwarded-For $remote_addr') &&
      'the address of the client must be set, not appended',
    !has('proxy_set_header X-Forwarded-Proto $scheme') && 'the scheme of the client must be set',
    !has('proxy_next_upstream off') && 'no request may be sent twice',
    /\$(?:request\b|args|query_string|request_uri|request_body|http_authorization)/.test(
      settingOf('log_format'),
    ) && 'the log must hold no query, no body and no token',
    !text.includes(`qualys-mcp:${serviceSpecs.httpPort.default};`) &&
      'nginx must ask the service at its usual port',
  ]
  return faults.filter((fault) => fault !== false)
}
