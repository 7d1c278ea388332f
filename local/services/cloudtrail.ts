import { AwsError, jsonService } from '../service';
import type { Service } from '../service';
import type { WorldState } from '../world/world-state';

/** An event of the account's trail, as LookupEvents gives it, with its time as ISO text. */
export interface TrailEvent {
  readonly EventId: string;
  readonly EventName: string;
  /** `true` or `false`, as text. */
  readonly ReadOnly: string;
  readonly EventTime: string;
  /** Such as `eks.amazonaws.com`. */
  readonly EventSource: string;
  readonly Username?: string;
  readonly AccessKeyId?: string;
  readonly Resources?: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The whole record as JSON text (`userIdentity`, `sourceIPAddress`, `requestParameters`, …). */
  readonly CloudTrailEvent: string;
}

interface LookupEvents {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  /** Epoch seconds. */
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const PAGE = 50;

/** Adds an event to the trail of the simulated account. */
export function recordTrailEvent(state: WorldState, event: TrailEvent): void {
  trailOf(state).events.push(event);
  state.changed();
}

/** CloudTrail's event history: newest first, in pages of at most 50, filtered by at most one attribute. */
export function createCloudTrail(state: WorldState): Service {
  return jsonService('CloudTrail', {
    LookupEvents: (input: LookupEvents) => {
      const [attribute, second] = input.LookupAttributes ?? [];
      if (second) {
        throw new AwsError('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
      }
      const found = trailOf(state)
        .events.filter((event) => within(event, input) && (!attribute || matches(event, attribute)))
        .toSorted((a, b) => Date.parse(b.EventTime) - Date.parse(a.EventTime) || b.EventId.localeCompare(a.EventId));
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(input.MaxResults ?? PAGE, PAGE);
      return {
        Events: found.slice(from, to).map(inAnswer),
        ...(to < found.length ? { NextToken: String(to) } : {}),
      };
    },
  });
}

function trailOf(state: WorldState): { events: TrailEvent[] } {
  return state.section('cloudtrail', () => ({ events: [] }));
}

/** The JSON protocol gives instants as epoch seconds. */
function inAnswer(event: TrailEvent): object {
  return { ...event, EventTime: Date.parse(event.EventTime) / 1000 };
}

function within(event: TrailEvent, { StartTime, EndTime }: LookupEvents): boolean {
  const seconds = Date.parse(event.EventTime) / 1000;
  return seconds >= (StartTime ?? -Infinity) && seconds <= (EndTime ?? Infinity);
}

function matches(
  event: TrailEvent,
  { AttributeKey, AttributeValue }: { readonly AttributeKey: string; readonly AttributeValue: string },
): boolean {
  switch (AttributeKey) {
    case 'EventId':
    case 'EventName':
    case 'ReadOnly':
    case 'Username':
    case 'EventSource':
    case 'AccessKeyId':
      return event[AttributeKey] === AttributeValue;
    case 'ResourceType':
    case 'ResourceName':
      return (event.Resources ?? []).some((resource) => resource[AttributeKey] === AttributeValue);
    default:
      throw new AwsError('InvalidLookupAttributesException', `"${AttributeKey}" is no lookup attribute.`);
  }
}
