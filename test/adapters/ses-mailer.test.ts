import { SendEmailCommand, SESClient } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { SesMailer } from '../../adapters/ses-mailer';
import { DrillError, ErrorName } from '../../domain/errors';

const MAIL = {
  from: 'Drill <drill@example.com>',
  to: 'team@example.com',
  subject: 'Drill passed ✓',
  html: '<p>über</p>',
  text: 'über',
};
const mock = mockClient(SESClient);

beforeEach(() => {
  mock.reset();
});

test('a mail is one SendEmail to one recipient, in UTF-8, under the configuration set', async () => {
  mock.on(SendEmailCommand).resolves({ MessageId: 'one' });
  expect(await new SesMailer(new SESClient(), 'cluster-drill').send(MAIL)).toBe('one');
  expect(mock.calls().map(({ args: [command] }) => command.input)).toEqual([
    {
      Source: 'Drill <drill@example.com>',
      Destination: { ToAddresses: ['team@example.com'] },
      Message: {
        Subject: { Data: 'Drill passed ✓', Charset: 'UTF-8' },
        Body: { Html: { Data: '<p>über</p>', Charset: 'UTF-8' }, Text: { Data: 'über', Charset: 'UTF-8' } },
      },
      ConfigurationSetName: 'cluster-drill',
    },
  ]);
});

test('without a configuration set none is named', async () => {
  mock.on(SendEmailCommand).resolves({ MessageId: 'one' });
  await new SesMailer(new SESClient()).send(MAIL);
  expect(mock.call(0).args[0].input).not.toHaveProperty('ConfigurationSetName');
});

test.each([
  'MessageRejected',
  'MailFromDomainNotVerifiedException',
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
  'AccountSendingPausedException',
  'InvalidParameterValue',
  'AccessDenied',
])('%s is a refusal in a sentence with sender, recipient, reason and mend', async (name) => {
  mock.on(SendEmailCommand).rejects(Object.assign(new Error('Email address is not verified'), { name }));
  const error: unknown = await new SesMailer(new SESClient()).send(MAIL).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DrillError);
  expect(error).toMatchObject({
    name: ErrorName.MailRefused,
    message: expect.stringMatching(
      /^SES refused the mail from Drill <drill@example\.com> to team@example\.com: Email address is not verified; \w+/,
    ),
  });
});

test('throttling passes through as the SDK gave it', async () => {
  const throttled = Object.assign(new Error('Maximum sending rate exceeded'), { name: 'Throttling' });
  mock.on(SendEmailCommand).rejects(throttled);
  await expect(new SesMailer(new SESClient()).send(MAIL)).rejects.toBe(throttled);
});
