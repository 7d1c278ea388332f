import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** Where alarms go: everybody who gets reports is asked by mail to subscribe. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, recipients: readonly string[]) {
    super(scope, id, { topicName: 'cluster-drill-alarms', displayName: 'cluster-drill', enforceSSL: true });
    // A topic with a policy of its own no longer has the default one, which let the account's alarms publish.
    this.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    for (const recipient of new Set(recipients)) this.addSubscription(new EmailSubscription(recipient));
  }
}
