import { DecoratorHandler, type Dispatcher } from 'undici'

/** The types of undici leave its methods out. */
const Decorator: new (handler: Dispatcher.DispatchHandler) => Dispatcher.DispatchHandler = DecoratorHandler

/** Calls a check right before a request is written; an error that it throws ends the request unwritten. */
class CheckedHandler extends Decorator {
  readonly #check: () => void

  constructor(handler: Dispatcher.DispatchHandler, check: () => void) {
    super(handler)
    this.#check = check
  }

  override onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    super.onRequestStart?.(controller, context)
    try {
      this.#check()
    } catch (error) {
      controller.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/**
 * A dispatcher that checks right before the bytes of a request are written: opening a connection may take long, and the
 * process may sleep meanwhile.
 */
export const checkingWrites = (dispatcher: Dispatcher, check: (() => void) | undefined): Dispatcher =>
  check
    ? dispatcher.compose(
        (dispatch) => (options, handler) => dispatch(options, new CheckedHandler(handler, check)),
      )
    : dispatcher
