import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock';
import { AwsError, queryService } from '../service';
import type { Service } from '../service';
import { keepMail } from './ses/mail-folder';
import type { SentMail } from './ses/sent-mail';
import { readMime } from './ses/read-mime';
import { writeMime } from './ses/write-mime';

export interface Ses {
  readonly service: Service;
  /** Everything that was sent, oldest first. */
  readonly mails: readonly SentMail[];
}

export interface SesOptions {
  readonly clock: Clock;
  readonly region: string;
  /** Folder that keeps every message as .json, .html, .txt and .eml; without it they are kept in memory only. */
  readonly folder?: string;
  /** Addresses and domains that may not send until VerifyEmailIdentity was called for them. */
  readonly unverified?: readonly string[];
  /** Recipients that are refused with MessageRejected, as a suppressed address is. */
  readonly refuse?: readonly string[];
}

/**
 * SES, API version 1, with a folder in place of delivery.
 *
 * Our own, because the embedded server that npm offers (aws-ses-v2-local 2.10.2) keeps only the first recipient of a
 * message and never answers an action it does not know.
 */
export function createSes(options: SesOptions): Ses {
  const mails: SentMail[] = [];
  const unverified = new Set(options.unverified);

  const accept = (mail: Omit<SentMail, 'messageId' | 'sentAt'>): { MessageId: string } => {
    refuseUnverified(mail.from, unverified, options.region);
    refuseSuppressed([...mail.to, ...mail.cc, ...mail.bcc], options.refuse ?? []);
    const sentAt = options.clock.now().toISOString();
    const messageId = createHash('sha256').update(`${mails.length}/${sentAt}/${mail.mime}`).digest('hex').slice(0, 32);
    const sent = { messageId, sentAt, ...mail };
    mails.push(sent);
    if (options.folder) keepMail(options.folder, sent);
    return { MessageId: messageId };
  };

  const service = queryService('SES', {
    SendEmail: (form) => accept(simpleMail(form)),
    SendRawEmail: (form) => accept(rawMail(form)),
    VerifyEmailIdentity: (form) => {
      unverified.delete(form.get('EmailAddress') ?? '');
    },
    GetIdentityVerificationAttributes: (form) => ({
      VerificationAttributes: new Map(
        members(form, 'Identities').map((identity) => [
          identity,
          { VerificationStatus: isUnverified(identity, unverified) ? 'Pending' : 'Success' },
        ]),
      ),
    }),
  });
  return { service, mails };
}

function simpleMail(form: URLSearchParams): Omit<SentMail, 'messageId' | 'sentAt'> {
  const mail = {
    from: required(form, 'Source'),
    to: members(form, 'Destination.ToAddresses'),
    cc: members(form, 'Destination.CcAddresses'),
    bcc: members(form, 'Destination.BccAddresses'),
    subject: required(form, 'Message.Subject.Data'),
    ...optional('html', form.get('Message.Body.Html.Data')),
    ...optional('text', form.get('Message.Body.Text.Data')),
    ...optional('configurationSet', form.get('ConfigurationSetName')),
  };
  return { ...mail, mime: writeMime(mail) };
}

function rawMail(form: URLSearchParams): Omit<SentMail, 'messageId' | 'sentAt'> {
  const mime = Buffer.from(required(form, 'RawMessage.Data'), 'base64').toString();
  const { headers, html, text } = readMime(mime);
  const addressed = addresses(headers['to']);
  const cc = addresses(headers['cc']);
  const destinations = members(form, 'Destinations');
  return {
    from: form.get('Source') ?? headers['from'] ?? '',
    to: destinations.length > 0 ? destinations : addressed,
    cc: destinations.length > 0 ? [] : cc,
    bcc: destinations.length > 0 ? [] : addresses(headers['bcc']),
    subject: headers['subject'] ?? '',
    ...optional('html', html),
    ...optional('text', text),
    ...optional('configurationSet', form.get('ConfigurationSetName') ?? headers['x-ses-configuration-set']),
    mime,
  };
}

function refuseUnverified(from: string, unverified: ReadonlySet<string>, region: string): void {
  const address = bareAddress(from);
  if (!isUnverified(address, unverified)) return;
  throw new AwsError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${address}`,
  );
}

function refuseSuppressed(recipients: readonly string[], refuse: readonly string[]): void {
  if (recipients.length === 0) throw new AwsError('InvalidParameterValue', 'Missing final recipients');
  const refused = recipients.filter((recipient) => refuse.includes(bareAddress(recipient)));
  if (refused.length > 0) {
    throw new AwsError('MessageRejected', `Address is on the suppression list: ${refused.join(', ')}`);
  }
}

/** An address may send when it or its domain is verified; a domain stands for itself. */
function isUnverified(identity: string, unverified: ReadonlySet<string>): boolean {
  return unverified.has(identity) || unverified.has(identity.split('@').at(-1) ?? '');
}

function bareAddress(address: string): string {
  return /<([^>]+)>\s*$/.exec(address)?.[1] ?? address.trim();
}

function addresses(header: string | undefined): string[] {
  return (header ?? '').split(',').flatMap((part) => (part.trim() ? [part.trim()] : []));
}

/** `<name>.member.1`, `<name>.member.2`, … of a query form. */
function members(form: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; form.has(`${name}.member.${index}`); index += 1) {
    values.push(form.get(`${name}.member.${index}`) ?? '');
  }
  return values;
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw new AwsError('ValidationError', `Value null at '${name}' must not be null`);
  return value;
}

function optional<Key extends string>(key: Key, value: string | null | undefined): Partial<Record<Key, string>> {
  return value === null || value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}
