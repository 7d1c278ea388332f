import { SendEmailCommand, type SESClient } from '@aws-sdk/client-ses';
import { DrillError, ErrorName, messageOf } from '../domain/errors';
import type { Mail, Mailer } from '../domain/ports/mailer';

/** Answers of SES that no later try will change, with what to do about them. */
const REFUSALS: Readonly<Record<string, string>> = {
  MessageRejected: 'verify the sender (and, in the SES sandbox, the recipient) or take the address off the list',
  MailFromDomainNotVerifiedException: 'finish the MAIL FROM domain of the sender identity',
  ConfigurationSetDoesNotExistException: 'deploy cluster-drill again, which makes the configuration set',
  ConfigurationSetSendingPausedException: 'resume sending for the configuration set',
  AccountSendingPausedException: 'resume sending for the account',
  InvalidParameterValue: 'correct the address in drill.yaml',
  AccessDenied: 'let the role send from this identity with this configuration set',
  AccessDeniedException: 'let the role send from this identity with this configuration set',
};

/** Sends mail with SES (v1 API) under a configuration set, which reports bounces and complaints. */
export class SesMailer implements Mailer {
  constructor(
    private readonly client: SESClient,
    private readonly configurationSet?: string,
  ) {}

  async send(mail: Mail): Promise<string> {
    try {
      const { MessageId } = await this.client.send(
        new SendEmailCommand({
          Source: mail.from,
          Destination: { ToAddresses: [mail.to] },
          Message: { Subject: utf8(mail.subject), Body: { Html: utf8(mail.html), Text: utf8(mail.text) } },
          ...(this.configurationSet && { ConfigurationSetName: this.configurationSet }),
        }),
      );
      return MessageId ?? '';
    } catch (error) {
      const mend = error instanceof Error ? REFUSALS[error.name] : undefined;
      if (mend === undefined) throw error;
      const sentence = `SES refused the mail from ${mail.from} to ${mail.to}: ${messageOf(error)}; ${mend}`;
      throw new DrillError(ErrorName.MailRefused, sentence, { cause: error });
    }
  }
}

function utf8(data: string): { Data: string; Charset: string } {
  return { Data: data, Charset: 'UTF-8' };
}
