import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Certificate } from '../session/certificate.ts'
import { replaced } from './page.ts'
import type { OnEnd } from './running-service.ts'

/** nginx of Debian's packages; not in the PATH of everybody. */
const program = '/usr/sbin/nginx'

/** True if nginx is there. */
export const hasNginx = spawnSync(program, ['-v']).status === 0

/** Nobody: nginx needs no rights in front of the service. */
const nobody = 65_534

/** What Debian's own nginx.conf says, as far as it matters here: answers may be compressed. */
const mainFile = (folder: string): string => `
daemon off;
pid nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 128; }
http {
  gzip on;
  gzip_types application/json text/event-stream;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include service.conf;
}
`

/** A port that is free on 127.0.0.1. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

const answersAt = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

/** A folder for nginx, which it may write. */
function openFolder(files: Readonly<Record<string, string>>, onEnd: OnEnd): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-nginx-'))
  onEnd(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
  if (process.getuid?.() !== 0) return folder
  chmodSync(folder, 0o700)
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    chownSync(path, nobody, nobody)
  return folder
}

/**
 * Starts nginx with a file of ours, of which only names, ports and paths are other ones, in front of a service on this
 * machine.
 */
export async function startNginx(text: string, upstream: number, { cert, key }: Certificate, onEnd: OnEnd) {
  const port = await freePort()
  const folder = openFolder({ 'qualys-mcp.crt': cert, 'qualys-mcp.key': key }, onEnd)
  const service = replaced(text, {
    'qualys-mcp:8765': `127.0.0.1:${upstream}`,
    'listen 443': `listen 127.0.0.1:${port}`,
    'qualys-mcp.example.com': 'localhost',
    '/etc/nginx/tls': folder,
    '/var/log/nginx': folder,
  })
  writeFileSync(join(folder, 'service.conf'), service)
  writeFileSync(join(folder, 'nginx.conf'), mainFile(folder))
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint += part
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onEnd(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await vi.waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`nginx does not start: ${complaint}`)
    if (!(await answersAt(port))) throw new Error('nginx does not answer yet')
  })
  return { port, folder }
}
