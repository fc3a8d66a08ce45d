/** Codes that this framework has been seen to send; no SAQ page lists any but SUCCESS. */
export type ApiErrorCode =
  | 'INVALID_CREDENTIALS'
  | 'UNAUTHORIZED'
  | 'INSUFFICIENT_PERMISSION'
  | 'INVALID_REQUEST'
  | 'OBJECT_NOT_FOUND'

/** Thrown to reply with a responseCode other than SUCCESS, an errorMessage and an errorResolution. */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly resolution: string

  constructor(code: ApiErrorCode, message: string, resolution: string) {
    super(message)
    this.code = code
    this.resolution = resolution
  }
}

/** As recorded, inside HTTP 200. */
export const wrongCredentials = () =>
  new ApiError('INVALID_CREDENTIALS', 'Authentication failed', 'Verify both, user and password credentials.')

/** As recorded, inside HTTP 200. */
export const apiAccessDenied = () =>
  new ApiError(
    'UNAUTHORIZED',
    'You are not authorized to access the application through the API.',
    'If you think this is an error, please contact your account manager.',
  )

// The message patterns of the appendix (error_messages.htm). Its resolutions are known only in other words.

export const invalidRequest = (message: string, resolution: string) =>
  new ApiError('INVALID_REQUEST', message, resolution)

export const missingElement = (element: string) =>
  invalidRequest(`${element}: Element is required.`, `Specify the element ${element}.`)

export const unexpectedElement = (element: string) =>
  invalidRequest(
    `${element}: Element must not be set.`,
    `Remove the element ${element}; it does not apply to this request.`,
  )

export const invalidValue = (element: string, value: string | number, resolution: string) =>
  invalidRequest(`${element}: Invalid value (${value}).`, resolution)

/** As recorded from a sister module. */
export const invalidCriteria = (field: string, value: string, resolution: string) =>
  invalidRequest(`Criteria: Invalid value format for criteria '${field}' (${value}).`, resolution)

/** The same for unknown objects and for objects outside the scope. */
export const objectNotFound = (object: string, id: number) =>
  new ApiError(
    'OBJECT_NOT_FOUND',
    `${object}: Object not found (${id}).`,
    'Specify the id of an object that exists and is within your scope.',
  )
