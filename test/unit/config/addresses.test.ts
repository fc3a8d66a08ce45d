import { describe, expect, test } from 'vitest'
import { platforms } from '../../../src/config/platforms.ts'
import { readSettings } from '../../../src/config/settings.ts'

// Addresses as people copy them: normalized where that is safe, else answered with what to write.

const platformOf = (text: string) => readSettings({}, { QUALYS_PLATFORM: text }).settings.platform

describe('the name of a platform', () => {
  test.each(platforms)('$code from the address of any of its hosts', (platform) => {
    const hosts = [platform.gatewayUrl, platform.apiUrl].map((url) => new URL(url).host)
    const web = hosts.map((host) => host.replace(/^\w+\./, 'qualysguard.'))
    for (const host of [...hosts, ...web])
      for (const text of [
        `https://${host}/`,
        `http://${host}`,
        `${host}:443/portal-front/module`,
        `${host}.`,
        `HTTPS://${host.toUpperCase()}:8443/qps/rest/?x=1#y`,
      ])
        expect(platformOf(text), text).toEqual(platform)
  })

  test('says that the host alone was taken', () => {
    expect(
      readSettings({}, { QUALYS_PLATFORM: 'https://qualysguard.qg2.apps.qualys.com/' }).normalized,
    ).toEqual(['QUALYS_PLATFORM: of the address, the host alone was taken: qualysguard.qg2.apps.qualys.com'])
  })

  test.each([
    ['US Platform 2', 'US2'],
    ['us-2', 'US2'],
    ['US 2', 'US2'],
    ['EU_3', 'EU3'],
    ['India Platform 1', 'IN1'],
    ['Canada POD 1', 'CA1'],
    ['UAE Platform 1', 'AE1'],
    ['Australia 1', 'AU1'],
    ['US Gov Platform 1', 'GOV1'],
  ])('%s is answered with %s', (text, code) => {
    expect(() => platformOf(text)).toThrow(`(did you mean ${code}?)`)
  })
})

describe('a host that is given is never replaced', () => {
  const newer = {
    code: 'qg9.apps.qualys.com',
    gatewayUrl: 'https://gateway.qg9.apps.qualys.com',
    apiUrl: 'https://qualysapi.qg9.apps.qualys.com',
  }
  test.each(['gateway.', 'qualysapi.', 'qualysguard.', ''])(
    '%sqg9.apps.qualys.com follows the named platforms',
    (service) => expect(platformOf(`${service}qg9.apps.qualys.com`)).toEqual(newer),
  )

  test.each([
    ['gateway.example.com', 'https://gateway.example.com', 'https://qualysapi.example.com'],
    ['qualysgateway.example.com', 'https://qualysgateway.example.com', 'https://qualysapi.example.com'],
    ['qualysapi.example.com', 'https://qualysgateway.example.com', 'https://qualysapi.example.com'],
    ['gateway.qualys.com', 'https://gateway.qualys.com', 'https://qualysapi.qualys.com'],
    [
      'qualysapi.qg1.apps.qualys.com',
      'https://gateway.qg1.apps.qualys.com',
      'https://qualysapi.qg1.apps.qualys.com',
    ],
    ['gateway.gov2.qualys.us', 'https://gateway.gov2.qualys.us', 'https://qualysapi.gov2.qualys.us'],
  ])('%s', (text, gatewayUrl, apiUrl) => expect(platformOf(text)).toMatchObject({ gatewayUrl, apiUrl }))

  test('a port of a private platform would be lost', () => {
    expect(() => platformOf('https://qualys.example.com:8443')).toThrow(
      /names a port.*set QUALYS_GATEWAY_URL and QUALYS_API_URL instead/,
    )
  })
})

describe('a slip is answered with the right host', () => {
  test.each([
    ['gateway.qg2.apps.qualys.co', 'gateway.qg2.apps.qualys.com'],
    ['gatway.qg2.apps.qualys.com', 'gateway.qg2.apps.qualys.com'],
    ['gateway.qg2.app.qualys.com', 'gateway.qg2.apps.qualys.com'],
    ['qualysguard.qg2.apps.qualys.con', 'qualysguard.qg2.apps.qualys.com'],
    ['qualysapi.qaulys.com', 'qualysapi.qualys.com'],
    ['qg3.apps.quals.com', 'qg3.apps.qualys.com'],
    ['gateway.qg10.apps.qualys.co', 'gateway.qg10.apps.qualys.com'],
    ['gateway.qg1.apps.qualys.co.u', 'gateway.qg1.apps.qualys.co.uk'],
    ['www.gateway.qg2.apps.qualys.com', 'gateway.qg2.apps.qualys.com'],
    ['www.qualysguard.qg9.apps.qualys.com', 'qualysguard.qg9.apps.qualys.com'],
    ['portal.qg2.apps.qualys.eu', 'qg2.apps.qualys.eu'],
    ['gateway.qg2.apps.xn--quays-0ta.com', 'gateway.qg2.apps.qualys.com'],
  ])('%s', (slip, right) => {
    expect(() => platformOf(slip)).toThrow(
      `QUALYS_PLATFORM names no host of Qualys (did you mean ${right}?).`,
    )
    expect(() => platformOf(`https://${slip}/`)).toThrow(`(did you mean ${right}?)`)
    expect(() => readSettings({}, { QUALYS_GATEWAY_URL: `https://${slip}` })).toThrow(
      `QUALYS_GATEWAY_URL names no host of Qualys (did you mean https://${right}?).`,
    )
  })

  test.each(['qualys.example.com', 'vm.example.org', 'quality.example.com'])('%s is none', (host) => {
    expect(platformOf(host)?.code).toBe(host)
  })
})

describe('what is no platform', () => {
  test.each(['www.qualys.com', 'login.qualys.eu'])('%s has no hosts of its own', (host) => {
    expect(() => platformOf(host)).toThrow(/must be one of US1, /)
    for (const env of ['QUALYS_GATEWAY_URL', 'QUALYS_API_URL'])
      expect(() => readSettings({}, { [env]: `https://${host}` })).toThrow(
        `${env} names no gateway and no API server of Qualys: set QUALYS_PLATFORM to the code of your platform instead.`,
      )
  })

  test.each(['localhost', 'http://localhost:8480', '10.0.0.5', 'https://[::1]/'])(
    '%s is one machine',
    (text) => {
      expect(() => platformOf(text)).toThrow(
        'QUALYS_PLATFORM must name a platform: for one machine, set QUALYS_GATEWAY_URL and QUALYS_API_URL instead.',
      )
    },
  )
})

describe('a single address', () => {
  const gateway = 'https://gateway.qg2.apps.qualys.com'
  const api = 'https://qualysapi.qg2.apps.qualys.com'

  test.each<readonly [Readonly<Record<string, string>>, string]>([
    [
      { QUALYS_GATEWAY_URL: 'gateway.qg2.apps.qualys.com' },
      `QUALYS_GATEWAY_URL must start with https://: write ${gateway}.`,
    ],
    [
      { QUALYS_API_URL: 'qualysapi.qg2.apps.qualys.com/qps/rest' },
      `QUALYS_API_URL must start with https://: write ${api}.`,
    ],
    [
      { QUALYS_GATEWAY_URL: 'http://gateway.qg2.apps.qualys.com' },
      `QUALYS_GATEWAY_URL must start with https:// (http is for this machine only, since credentials travel there): write ${gateway}.`,
    ],
    [
      { QUALYS_GATEWAY_URL: '127.0.0.1:8480' },
      'QUALYS_GATEWAY_URL must start with http:// or https://: write http://127.0.0.1:8480.',
    ],
    [
      { QUALYS_API_URL: `${api}/qps/rest/` },
      `QUALYS_API_URL must be an address without path or credentials: leave /qps/rest/ out, and write ${api}.`,
    ],
    [
      { QUALYS_API_URL: `${api}:8443/?x=1` },
      `QUALYS_API_URL must be an address without path or credentials: leave what follows the host out, and write ${api}:8443.`,
    ],
    [
      { QUALYS_GATEWAY_URL: 'us2' },
      'QUALYS_GATEWAY_URL must be an address: to name a platform by its code, set QUALYS_PLATFORM=US2 instead.',
    ],
    [
      { QUALYS_GATEWAY_URL: 'https://US2/' },
      'QUALYS_GATEWAY_URL must be an address: to name a platform by its code, set QUALYS_PLATFORM=US2 instead.',
    ],
    [{ QUALYS_GATEWAY_URL: 'file:///srv' }, 'QUALYS_GATEWAY_URL must be an address such as https://'],
    [{ QUALYS_GATEWAY_URL: `${gateway},${api}` }, 'QUALYS_GATEWAY_URL must be an address such as https://'],
    [
      { QUALYS_GATEWAY_URL: 'https://qg2.apps.qualys.com' },
      `QUALYS_GATEWAY_URL names another server of Qualys than the gateway: write ${gateway}.`,
    ],
    [
      { QUALYS_GATEWAY_URL: api, QUALYS_API_URL: gateway },
      `QUALYS_GATEWAY_URL and QUALYS_API_URL are swapped: write QUALYS_GATEWAY_URL=${gateway} and QUALYS_API_URL=${api}.`,
    ],
    [
      {
        QUALYS_GATEWAY_URL: 'https://qualysapi.corp.example',
        QUALYS_API_URL: 'https://gateway.corp.example',
      },
      'QUALYS_GATEWAY_URL and QUALYS_API_URL are swapped: write QUALYS_GATEWAY_URL=https://gateway.corp.example and QUALYS_API_URL=https://qualysapi.corp.example.',
    ],
    [
      { QUALYS_GATEWAY_URL: api },
      `QUALYS_GATEWAY_URL names another server of Qualys than the gateway: write ${gateway}.`,
    ],
    [
      { QUALYS_API_URL: 'https://qualysguard.qg2.apps.qualys.com' },
      `QUALYS_API_URL names another server of Qualys than the API server: write ${api}.`,
    ],
  ])('%j', (env, says) => {
    expect(() => readSettings({}, env)).toThrow(says)
  })

  test('shows no credentials', () => {
    for (const text of ['https://me:pass-word@gateway.example.com', 'me:pass-word@gateway.example.com'])
      for (const env of ['QUALYS_GATEWAY_URL', 'QUALYS_PLATFORM'])
        try {
          expect.fail(`${env} is taken: ${JSON.stringify(readSettings({}, { [env]: text }))}`)
        } catch (error) {
          expect(String(error)).toMatch(/must be/)
          expect(String(error)).not.toContain('pass-word')
        }
  })

  test('http is taken for every loopback address', () => {
    for (const url of [
      'http://localhost:8480',
      'http://127.0.0.1:8480',
      'http://127.8.0.1:8480',
      'http://[::1]:8480',
    ])
      expect(readSettings({}, { QUALYS_GATEWAY_URL: url }).settings.gatewayUrl).toBe(url)
    expect(() => readSettings({}, { QUALYS_GATEWAY_URL: 'http://10.0.0.5' })).toThrow(/must start with https/)
  })

  test('one host for both products, and other names, are taken', () => {
    const one = 'https://gateway.corp.example:8443'
    const env = { QUALYS_GATEWAY_URL: one, QUALYS_API_URL: `${one}/` }
    expect(readSettings({}, env).settings).toMatchObject({ gatewayUrl: one, apiUrl: one })
    expect(readSettings({}, { QUALYS_GATEWAY_URL: `${gateway}.` }).settings.gatewayUrl).toBe(gateway)
  })
})
