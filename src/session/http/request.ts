/** One HTTP request without its authorization. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The two hosts of an account. */
export interface Origins {
  readonly gatewayUrl: string
  readonly apiUrl: string
}
