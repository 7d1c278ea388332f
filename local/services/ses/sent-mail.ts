/** A message that SES accepted. */
export interface SentMail {
  readonly messageId: string;
  readonly sentAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly html?: string;
  readonly text?: string;
  readonly configurationSet?: string;
  /** The message as it would go out (RFC 5322). */
  readonly mime: string;
}
