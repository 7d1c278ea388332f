import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetIdentityVerificationAttributesCommand,
  ListIdentitiesCommand,
  SESClient,
  SendEmailCommand,
  SendRawEmailCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import { createSes } from '../../../local/services/ses';
import type { Ses } from '../../../local/services/ses';

const clock = { now: () => new Date('2026-11-02T07:30:00Z'), sleep: async () => {} };

let folder: string;
let endpoint: Endpoint;
let client: SESClient;
let ses: Ses;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ses-'));
  ses = createSes({
    clock,
    region: 'eu-central-1',
    folder,
    unverified: ['new@example.com', 'new.example'],
    refuse: ['bounced@example.com'],
  });
  endpoint = await createEndpoint({ services: { ses: ses.service } });
  client = new SESClient({ endpoint: endpoint.url });
});
afterEach(async () => {
  client.destroy();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

const report = (from: string, ...to: string[]): SendEmailCommand =>
  new SendEmailCommand({
    Source: from,
    Destination: { ToAddresses: to, CcAddresses: ['cc@example.com'] },
    Message: {
      Subject: { Data: 'Drill passed – 1 h 48 min' },
      Body: { Html: { Data: '<p>über & gut</p>' }, Text: { Data: 'über & gut' } },
    },
    ConfigurationSetName: 'cluster-drill',
  });

test('a message is kept with all its recipients', async () => {
  const { MessageId } = await client.send(report('Drill <drill@example.com>', 'a@example.com', 'b@example.com'));
  expect(ses.mails).toMatchObject([
    {
      messageId: MessageId,
      from: 'Drill <drill@example.com>',
      to: ['a@example.com', 'b@example.com'],
      cc: ['cc@example.com'],
      subject: 'Drill passed – 1 h 48 min',
      html: '<p>über & gut</p>',
      text: 'über & gut',
      configurationSet: 'cluster-drill',
      sentAt: '2026-11-02T07:30:00.000Z',
    },
  ]);
});

test('a message lies in the folder as envelope, page, text and mail', async () => {
  await client.send(report('drill@example.com', 'a@example.com'));
  const files = readdirSync(folder);
  expect(files.map((file) => file.split('.').at(-1)).toSorted()).toEqual(['eml', 'html', 'json', 'txt']);
  expect(files[0]).toMatch(/^20261102T073000-a@example\.com-[0-9a-f]{8}\./);
  const read = (type: string): string =>
    readFileSync(join(folder, files.find((file) => file.endsWith(type)) ?? ''), 'utf8');
  expect(read('.html')).toBe('<p>über & gut</p>');
  expect(read('.txt')).toBe('über & gut');
  expect(JSON.parse(read('.json'))).toMatchObject({ to: ['a@example.com'], cc: ['cc@example.com'] });
  expect(read('.eml')).toContain('To: a@example.com\r\n');
});

test('what is written as a mail reads back the same when it is sent raw', async () => {
  await client.send(report('drill@example.com', 'a@example.com'));
  const Data = Buffer.from(ses.mails[0]?.mime ?? '');
  await client.send(new SendRawEmailCommand({ RawMessage: { Data } }));
  const { from, to, cc, subject, html, text } = ses.mails[1] ?? {};
  expect({ from, to, cc, subject, html, text }).toEqual({
    from: 'drill@example.com',
    to: ['a@example.com'],
    cc: ['cc@example.com'],
    subject: 'Drill passed – 1 h 48 min',
    html: '<p>über & gut</p>',
    text: 'über & gut',
  });
});

test('a raw message with nested parts and quoted-printable is read, and its destinations win over its header', async () => {
  const message = [
    'From: drill@example.com',
    'To: list@example.com',
    'Subject: =?utf-8?Q?Drill_fehlgeschlagen_=E2=9C=97?=',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: multipart/alternative; boundary="inner"',
    '',
    '--inner',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'gr=C3=BC=\r\nn',
    '--inner--',
    '--outer--',
  ].join('\r\n');
  await client.send(
    new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(message) }, Destinations: ['x@example.com'] }),
  );
  expect(ses.mails[0]).toMatchObject({ to: ['x@example.com'], subject: 'Drill fehlgeschlagen ✗' });
  expect(ses.mails[0]?.text?.trim()).toBe('grün');
});

test('an unverified sender is refused as SES words it, until it is verified', async () => {
  await expect(client.send(report('new@example.com', 'a@example.com'))).rejects.toMatchObject({
    name: 'MessageRejected',
    message:
      'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: new@example.com',
  });
  await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'new@example.com' }));
  await client.send(report('new@example.com', 'a@example.com'));
  expect(ses.mails).toHaveLength(1);
});

test('a suppressed recipient is refused, and nothing is kept', async () => {
  await expect(client.send(report('drill@example.com', 'bounced@example.com'))).rejects.toMatchObject({
    name: 'MessageRejected',
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('identities say whether they are verified, an address also by its domain', async () => {
  const Identities = ['drill@example.com', 'new@example.com', 'someone@new.example', 'new.example'];
  const answer = await client.send(new GetIdentityVerificationAttributesCommand({ Identities }));
  expect(
    Object.fromEntries(
      Object.entries(answer.VerificationAttributes ?? {}).map(([name, { VerificationStatus }]) => [
        name,
        VerificationStatus,
      ]),
    ),
  ).toEqual({
    'drill@example.com': 'Success',
    'new@example.com': 'Pending',
    'someone@new.example': 'Pending',
    'new.example': 'Pending',
  });
});

test('an action that is not simulated is refused by name and does not hang', async () => {
  await expect(client.send(new ListIdentitiesCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
});
