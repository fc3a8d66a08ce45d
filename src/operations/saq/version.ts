import { z } from 'zod'
import { oneRecord } from '../fields.ts'
import { operation } from '../operation.ts'

export const getVersion = operation({
  name: 'saq_get_version',
  title: 'Version of the Qualys portal',
  description: 'Versions of the portal and its modules; QUESTIONNAIRE-VERSION is that of SAQ',
  route: 'GET /qps/rest/portal/version',
  effect: 'read',
  evidence: 'documented',
  source: 'saq/api/get_started/getting_started.htm',
  input: {},
  format: 'json',
  // The keys depend on the subscription.
  ...oneRecord(z.looseObject({})),
})
