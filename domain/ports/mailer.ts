export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface Mailer {
  /**
   * Sends one message to one recipient, so that one refused address does not keep the report from the others, and
   * returns its message id.
   * @throws DrillError `MailRefused` when SES refuses it for good (unverified sender, suppressed recipient).
   */
  send(mail: Mail): Promise<string>;
}
