import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudTrailEvents } from '../../adapters/cloudtrail-events';

const mock = mockClient(CloudTrailClient);

beforeEach(() => {
  mock.reset();
});

test('changes of a window are read page by page, paced, and given oldest first', async () => {
  const window: LookupEventsCommandInput = {
    LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
    StartTime: new Date('2026-10-05T06:00:00Z'),
    EndTime: new Date('2026-10-05T08:00:00Z'),
    MaxResults: 50,
  };
  mock
    .on(LookupEventsCommand, { ...window, NextToken: undefined })
    .resolves({
      Events: [
        {
          EventId: '2',
          EventName: 'RunInstances',
          EventSource: 'ec2.amazonaws.com',
          EventTime: new Date('2026-10-05T07:00:00Z'),
          Username: 'alice',
          Resources: [{ ResourceName: 'i-1', ResourceType: 'AWS::EC2::Instance' }, {}],
          CloudTrailEvent: '{"userAgent":"console.amazonaws.com"}',
        },
      ],
      NextToken: 'more',
    })
    .on(LookupEventsCommand, { ...window, NextToken: 'more' })
    .resolves({
      Events: [
        { EventId: '1', EventName: 'CreateTags', EventTime: new Date('2026-10-05T06:30:00Z'), CloudTrailEvent: '{cut' },
      ],
    });
  const slept: number[] = [];
  const clock = { now: () => new Date(0), sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  const events = new CloudTrailEvents(new CloudTrailClient(), clock);
  expect(await events.changesBetween('2026-10-05T06:00:00Z', '2026-10-05T08:00:00Z')).toEqual([
    { id: '1', name: 'CreateTags', source: '', at: '2026-10-05T06:30:00.000Z', resources: [], record: {} },
    {
      id: '2',
      name: 'RunInstances',
      source: 'ec2.amazonaws.com',
      at: '2026-10-05T07:00:00.000Z',
      user: 'alice',
      resources: ['i-1'],
      record: { userAgent: 'console.amazonaws.com' },
    },
  ]);
  expect(slept).toEqual([600]);
});
