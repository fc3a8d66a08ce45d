import type { PageResponse } from '../contract.ts'

/** Nothing is loaded from elsewhere, nothing is shown within another page, and forms lead here alone. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  // The icon of the tab.
  'img-src data:',
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const unusedFeatures = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb']

/** The headers of every answer. */
const safetyHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  // With no-referrer browsers send `Origin: null` with the forms of this page (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    ...unusedFeatures.map((name) => `${name}=()`),
    'publickey-credentials-create=(self)',
    'publickey-credentials-get=(self)',
  ].join(', '),
}

/** An answer with the headers of the page's safety. What the answer says itself wins. */
export const withSafety = (response: PageResponse): PageResponse => ({
  ...response,
  headers: { ...safetyHeaders, ...response.headers },
})

/** An answer that is a page. */
export const pageResponse = (status: number, text: string): PageResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: text,
})

/** An answer for the script of the page. */
export const jsonResponse = (status: number, value: object): PageResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
