import { DrillError, ErrorName } from '../../domain/errors';
import type { Mail, Mailer } from '../../domain/ports/mailer';

/** A post office in memory. */
export class MemoryMailer implements Mailer {
  readonly mails: Mail[] = [];
  /** Senders and recipients that are refused for good. */
  readonly refused = new Set<string>();

  async send(mail: Mail): Promise<string> {
    const refused = [mail.from, mail.to].find((address) => this.refused.has(address));
    if (refused !== undefined) {
      throw new DrillError(ErrorName.MailRefused, `Email address is not verified or suppressed: ${refused}`);
    }
    this.mails.push(mail);
    return `message-${this.mails.length}`;
  }
}
