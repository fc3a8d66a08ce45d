import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openAssistant } from '../../support/assistant.ts'

test('a proxy that drops the connection is retried as often as a read, without a storm of requests', async () => {
  let asked = 0
  const proxy = createServer().listen(0, '127.0.0.1')
  // The rate of dropped connections rises until the proxy refuses, which ends it.
  proxy.on('connect', (_request, socket) => {
    asked++
    if (asked < 50) socket.destroy()
    else socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
  })
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  const assistant = await openAssistant({
    QUALYS_GATEWAY_URL: 'https://127.0.0.1:1',
    QUALYS_API_URL: 'https://127.0.0.1:1',
    QUALYS_USERNAME: 'operator',
    QUALYS_PASSWORD: 'not the password',
    QUALYS_MAX_WAIT_SECONDS: '0',
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  })
  const { text, isError } = await assistant.call('car_search_jobs')
  await assistant.close()
  expect({ isError, asked }).toEqual({ isError: true, asked: 1 })
  expect(text).toMatch(/^[^\n]{20,}$/)
})
