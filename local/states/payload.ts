import { StatesError } from './states-error';

/** Step Functions' limit of every input, output and result: 256 KiB of UTF-8. */
const MAX_PAYLOAD_BYTES = 256 * 1024;

/** A JSON value that is passed between states, with its text (history events carry it) rendered once. */
export class Payload {
  private constructor(
    readonly value: unknown,
    readonly text: string,
    readonly bytes: number,
  ) {}

  /**
   * @param where the state or task that made it, for the message.
   * @throws StatesError States.DataLimitExceeded when it is larger than 256 KiB.
   */
  static of(value: unknown, where: string): Payload {
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_PAYLOAD_BYTES) {
      throw new StatesError(
        'States.DataLimitExceeded',
        `The state/task '${where}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      );
    }
    return new Payload(value, text, bytes);
  }

  /** This payload where the value is the same one, as when a Choice or a Wait passes its input on. */
  with(value: unknown, where: string): Payload {
    return value === this.value ? this : Payload.of(value, where);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
