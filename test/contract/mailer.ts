import { ErrorName } from '../../domain/errors';
import type { Mail, Mailer } from '../../domain/ports/mailer';

/** A mailer with what a test needs to know of the post office behind it. */
export interface MailerUnderTest {
  readonly mailer: Mailer;
  /** An address from which nothing may be sent. */
  readonly unverifiedSender: string;
  /** What was accepted so far. */
  accepted(): Promise<readonly Pick<Mail, 'from' | 'to' | 'subject' | 'html' | 'text'>[]>;
}

const MAIL: Mail = {
  from: 'drill@example.com',
  to: 'team@example.com',
  subject: 'Drill of example passed ✓ in 1 h 48 min',
  html: '<p>über &amp; gut</p>',
  text: 'über & gut',
};

/** What every mailer does. */
export function describeMailerContract(name: string, setup: () => Promise<MailerUnderTest>): void {
  describe(`${name} as a mailer`, () => {
    let under: MailerUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

    test('each mail gets a message id of its own and arrives as it was written', async () => {
      const ids = [await under.mailer.send(MAIL), await under.mailer.send({ ...MAIL, to: 'sre@example.com' })];
      expect(new Set(ids).size).toBe(2);
      expect(ids.every((id) => id.length > 0)).toBe(true);
      expect(await under.accepted()).toMatchObject([MAIL, { ...MAIL, to: 'sre@example.com' }]);
    });

    test('a sender that may not send is refused for good, and nothing is accepted', async () => {
      await expect(under.mailer.send({ ...MAIL, from: under.unverifiedSender })).rejects.toMatchObject({
        name: ErrorName.MailRefused,
        message: expect.stringContaining(under.unverifiedSender),
      });
      expect(await under.accepted()).toEqual([]);
    });
  });
}
