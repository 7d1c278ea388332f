import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ReportMailProps {
  /** Addresses that reports are sent from. */
  readonly senders: readonly string[];
  /** Addresses that reports are sent to. */
  readonly recipients: readonly string[];
  /** Told when a report bounced, or its reader called it spam. */
  readonly alarmTopic: ITopic;
}

/**
 * What reports are mailed with: an identity for each sender (SES sends it a link to confirm), and a configuration set
 * by which a bounce comes back: SES accepts a mail long before it is delivered, or not.
 */
export class ReportMail extends Construct {
  private readonly configurationSet: ConfigurationSet;
  private readonly senders: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReportMailProps,
  ) {
    super(scope, id);
    this.senders = [...new Set(props.senders)];
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: 'cluster-drill',
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    for (const sender of this.senders) {
      const identity = new EmailIdentity(this, `Sender-${sender}`, {
        identity: Identity.email(sender),
        configurationSet: this.configurationSet,
      });
      // One that is verified stays so, and one that the account has already is taken over instead of refused.
      identity.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
    this.tellOfBounces(props.alarmTopic);
  }

  get configurationSetName(): string {
    return this.configurationSet.configurationSetName;
  }

  /**
   * Allows sending from the senders. `EmailIdentity.grantSendEmail` leaves the configuration set out, and every send
   * with one is then denied (aws/aws-cdk#34402). A sender whose whole domain is verified is checked against the domain,
   * and in the sandbox each recipient against its own identity (aws/aws-sdk-js#3641).
   */
  grantSend(grantee: IGrantable): void {
    const addresses = [...this.senders, ...this.props.recipients];
    const domains = addresses.map((address) => address.slice(address.indexOf('@') + 1));
    const identities = [...new Set([...addresses, ...domains])];
    Grant.addToPrincipal({
      grantee,
      actions: ['ses:SendEmail'],
      resourceArns: [
        ...identities.map((identity) => this.arnOf('identity', identity)),
        this.arnOf('configuration-set', this.configurationSetName),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': this.senders } },
    });
  }

  private arnOf(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
  }

  private tellOfBounces(topic: ITopic): void {
    this.configurationSet.addEventDestination('Undelivered', {
      // SES takes the default bus only.
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    const sentence = `A report of cluster-drill was not delivered (${EventField.fromPath('$.detail-type')}): "${EventField.fromPath('$.detail.mail.commonHeaders.subject')}" to ${EventField.fromPath('$.detail.mail.destination')}. It is kept in the evidence bucket; see docs/runbook.md, "Unsent report".`;
    new Rule(this, 'UndeliveredRule', {
      description: 'Tells of reports that SES accepted and could not deliver',
      eventPattern: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': [this.configurationSetName] } } },
      },
      targets: [new SnsTopic(topic, { message: RuleTargetInput.fromText(sentence) })],
    });
  }
}
