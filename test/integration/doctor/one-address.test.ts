import { describe, expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { test } from '../../support/doctor/doctor-fixtures.ts'

// Each product needs only its own address: CAR the gateway, SAQ the API server.

const carAlone = { QUALYS_API_URL: '' }
const saqAlone = { QUALYS_GATEWAY_URL: '' }
const noSaq = 'SAQ is not set up: QUALYS_API_URL is not set.'
const noCar = 'CAR is not set up, and there is no login for a token: QUALYS_GATEWAY_URL is not set.'

describe('the gateway alone', () => {
  test('serves CAR, and SAQ says what is missing', async ({ sandbox, contactedProducts }) => {
    const assistant = await openAssistantOn(sandbox, carAlone)
    expect((await assistant.call('car_search_jobs', { pageSize: 1 })).text).toMatch(/^jobs 1-1 of 100/)
    const refused = await assistant.call('saq_count_users')
    expect(refused.isError).toBe(true)
    expect(refused.text).toContain(noSaq)
    expect(refused.text).toContain('QUALYS_TOOLSETS=car')
    await assistant.close()
    expect(await contactedProducts()).toEqual(['car'])
  })

  test('doctor and qualys_status name the product that is not set up', async ({ runDoctor, readStatus }) => {
    const { ok, text } = await runDoctor(carAlone)
    expect(ok).toBe(false)
    expect(text).toMatch(/^ok {4}first CAR read: /m)
    expect(text).toContain(`FAIL  SAQ version: ${noSaq}`)
    const { row } = await readStatus(carAlone)
    expect(row).toMatchObject({ login: expect.stringMatching(/^ok/), saq: expect.stringContaining(noSaq) })
    expect(row).not.toHaveProperty('apiServer')
    expect(row).not.toHaveProperty('saqLimits')
  })

  test('is enough where SAQ is left out', async ({ runDoctor, readStatus }) => {
    const extra = { ...carAlone, QUALYS_TOOLSETS: 'car' }
    const { ok, text } = await runDoctor(extra)
    expect(ok, text).toBe(true)
    expect(text).not.toContain('FAIL')
    expect((await readStatus(extra)).text).not.toContain('failed')
  })
})

describe('the API server alone', () => {
  test('serves SAQ, and CAR says what is missing', async ({ sandbox, contactedProducts }) => {
    const assistant = await openAssistantOn(sandbox, saqAlone)
    expect((await assistant.call('saq_search_users', { pageSize: 1 })).text).toMatch(/^users 1-1/)
    const refused = await assistant.call('car_search_jobs')
    expect(refused.isError).toBe(true)
    expect(refused.text).toContain(noCar)
    expect(refused.text).toContain('QUALYS_TOOLSETS=saq')
    await assistant.close()
    expect(await contactedProducts()).toEqual(['saq'])
  })

  test('doctor and qualys_status name the product that is not set up', async ({ runDoctor, readStatus }) => {
    const { ok, text } = await runDoctor(saqAlone)
    expect(ok).toBe(false)
    expect(text).toContain(`FAIL  login: ${noCar}`)
    expect(text).toMatch(/^ok {4}SAQ version: /m)
    const { row } = await readStatus(saqAlone)
    expect(row).toMatchObject({ login: expect.stringContaining(noCar), saq: expect.stringMatching(/^ok/) })
    expect(row).not.toHaveProperty('gateway')
  })

  test('is enough where CAR is left out', async ({ runDoctor }) => {
    const { ok, text } = await runDoctor({ ...saqAlone, QUALYS_TOOLSETS: 'saq' })
    expect(ok, text).toBe(true)
  })

  test('is not enough without a password, since the token comes from the gateway', async ({ sandbox }) => {
    const assistant = await openAssistantOn(sandbox, {
      ...saqAlone,
      QUALYS_PASSWORD: '',
      QUALYS_CLIENT_ID: 'a client',
      QUALYS_CLIENT_SECRET: 'not the secret',
    })
    const { isError, text } = await assistant.call('saq_count_users')
    await assistant.close()
    expect(isError).toBe(true)
    expect(text).toContain(noCar)
    expect(text).toContain('QUALYS_USERNAME and QUALYS_PASSWORD is enough')
  })
})
