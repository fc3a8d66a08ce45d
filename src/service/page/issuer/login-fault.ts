/** Why a login did not come about. */
type LoginReason = 'away' | 'refused' | 'failed' | 'no role' | 'over'

interface Kind {
  readonly status: number
  /** What the person reads: words of ours alone. */
  readonly sentence: string
}

const kinds: Readonly<Record<LoginReason, Kind>> = {
  away: { status: 503, sentence: 'The issuer cannot be asked at present: log in again in a minute.' },
  refused: { status: 403, sentence: 'The login was declined or broken off at the issuer: log in again.' },
  failed: {
    status: 403,
    sentence:
      'The issuer did not log you in as this service expects: log in again, or ask the operator to look into the log.',
  },
  'no role': {
    status: 403,
    sentence: 'You have no role here: ask the operator which group or scope of the issuer gives one.',
  },
  over: {
    status: 400,
    sentence:
      'This login is over, or your browser kept no cookie of it: log in again, and allow cookies of this page.',
  },
}

/** A login that did not come about. The message is one sentence for the person. */
export class LoginFault extends Error {
  readonly reason: LoginReason
  readonly status: number

  /** `cause`: what is logged, if anything. */
  constructor(reason: LoginReason, cause?: unknown) {
    super(kinds[reason].sentence, { cause })
    this.reason = reason
    this.status = kinds[reason].status
  }
}
