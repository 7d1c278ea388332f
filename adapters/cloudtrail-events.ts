import { LookupEventsCommand, type CloudTrailClient, type Event } from '@aws-sdk/client-cloudtrail';
import type { Clock } from '../domain/clock';
import type { Trail, TrailEvent } from '../domain/ports/trail';

/** CloudTrail allows two LookupEvents a second in an account and region; a little less leaves room for others. */
const PAUSE_MILLISECONDS = 600;
/** The most that one page may hold. */
const PAGE_SIZE = 50;

/** CloudTrail's event history (90 days of management events). */
export class CloudTrailEvents implements Trail {
  constructor(
    private readonly client: CloudTrailClient,
    private readonly clock: Clock,
  ) {}

  async changesBetween(from: string, to: string): Promise<readonly TrailEvent[]> {
    const events: TrailEvent[] = [];
    let token: string | undefined;
    do {
      if (token !== undefined) await this.clock.sleep(PAUSE_MILLISECONDS);
      const page = await this.client.send(
        new LookupEventsCommand({
          // One attribute is all that a lookup may filter by; who did it is told apart by the caller.
          LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
          StartTime: new Date(from),
          EndTime: new Date(to),
          MaxResults: PAGE_SIZE,
          NextToken: token,
        }),
      );
      events.push(...(page.Events ?? []).map(trailEventOf));
      token = page.NextToken;
    } while (token !== undefined);
    // CloudTrail answers newest first.
    return events.reverse();
  }
}

function trailEventOf(event: Event): TrailEvent {
  return {
    id: event.EventId ?? '',
    name: event.EventName ?? '',
    source: event.EventSource ?? '',
    at: event.EventTime!.toISOString(),
    ...(event.Username !== undefined && { user: event.Username }),
    resources: (event.Resources ?? []).flatMap(({ ResourceName }) => ResourceName ?? []),
    record: recordOf(event.CloudTrailEvent),
  };
}

function recordOf(json: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(json ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
