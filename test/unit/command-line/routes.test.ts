import { describe, expect, test } from 'vitest'
import { SettingsError } from '../../../src/shared/errors.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { settingsFrom } from '../../support/environment.ts'

// A route from the settings corrects a guess; it does not change the tool, since consent and limits depend on the
// tool.

const start = (routes: object) => () => catalogueOf(settingsFrom({ QUALYS_ROUTES: JSON.stringify(routes) }))

describe('QUALYS_ROUTES', () => {
  test.each([
    [
      'a read that runs a script',
      { car_search_scripts: 'POST /sm/v1/scripts/19218/execute' },
      /car_search_scripts the path of car_execute_script/,
    ],
    [
      'a read that deletes',
      { car_get_schedule: 'DELETE /sm/v1/scheduler/{scheduleId}' },
      /no reading call has/,
    ],
    [
      'an effect whose arguments would stand in an address',
      { car_execute_script: 'GET /sm/v1/scripts/{scriptId}/execute' },
      /no changing call has/,
    ],
    [
      'an effect without its object',
      { car_execute_script: 'POST /sm/v2/execute' },
      /leaves out \{scriptId\}/,
    ],
    [
      'an effect that is another one',
      { car_deactivate_schedule: 'POST /sm/v1/scheduler/{scheduleId}/activate' },
      /the path of car_activate_schedule/,
    ],
    [
      'a bulk deletion that leaves its filter behind',
      { saq_delete_users: 'DELETE /qps/rest/1.0/delete/saq/user' },
      /POST below \/qps\/rest\//,
    ],
    [
      'an effect of SAQ on the other host',
      { saq_delete_campaign: 'POST /sm/v1/x/{campaignId}' },
      /POST below \/qps\/rest\//,
    ],
    [
      'a search that deletes, by a slash at the end',
      { saq_search_users: 'POST /qps/rest/1.0/delete/saq/user/' },
      /has search, count or get in its path/,
    ],
    [
      'an argument that a call may leave out',
      { car_get_script: 'GET /sm/v1/scripts/{from}' },
      /has \{from\} for car_get_script, which fills \{scriptId\} only/,
    ],
  ])('%s stops the start', (_what, routes, says) => {
    expect(start(routes)).toThrow(SettingsError)
    expect(start(routes)).toThrow(says)
  })

  test.each([
    { car_search_scripts: 'POST /sm/v2/scripts/search' },
    { car_get_script: 'POST /sm/v1/script/{scriptId}/details' },
    { car_delete_schedule: 'POST /sm/v1/scheduler/{scheduleId}/delete' },
    { saq_delete_template: 'POST /qps/rest/1.0/remove/saq/template/{templateId}' },
    { saq_get_template: 'GET /qps/rest/2.0/get/saq/template/{templateId}/' },
    { saq_get_version: 'GET /qps/rest/portal/version/' },
  ])('%j is valid', (routes) => {
    expect(start(routes)).not.toThrow()
  })
})

test.each(['QUALYS_ALLOWED_SCRIPTS', 'QUALYS_ALLOWED_TAGS', 'QUALYS_BLOCKED_TAGS', 'QUALYS_AUDIT_FILE'])(
  '%s set but empty would protect nothing, so it stops the start',
  (name) => {
    expect(() => settingsFrom({ [name]: '' })).toThrow(`${name} is set but empty`)
  },
)

test.each(['["Servers"]', '"Servers"', 'Servers;Other', ','])('tags as %s stop the start', (text) => {
  expect(() => settingsFrom({ QUALYS_BLOCKED_TAGS: text })).toThrow(
    /^QUALYS_BLOCKED_TAGS must be names or ids/,
  )
})
