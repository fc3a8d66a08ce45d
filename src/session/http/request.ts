/** One HTTP request without its authorization. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The hosts of an account; without one, the product that needs it is not set up. */
export interface Origins {
  readonly gatewayUrl?: string
  readonly apiUrl?: string
}
