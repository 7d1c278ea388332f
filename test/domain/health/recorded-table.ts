import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { judgeApplication } from '../../../domain/health/argo-application';
import { judgeObject } from '../../../domain/health/judge-object';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ObjectReading } from '../../../domain/record';
import { type Part, recordedAll } from './recording';

const FOLDER = join(__dirname, '..', '..', 'recorded');
const PARTS: readonly Part[] = ['kubernetes', 'argocd', 'flux'];

/** A recorded object with what is said of it. */
export interface Judged {
  /** Recording and item, such as `kubernetes/pod-healthy` or `argocd/application-list-kubectl#2`. */
  readonly id: string;
  readonly object: KubernetesObject;
  readonly reading: ObjectReading;
  /** Argo CD's word; `-` where it has no check, which it counts as healthy. */
  readonly argo: string;
  readonly kstatus: string;
}

/** Kinds that are recorded as evidence and that no rule is meant for. */
const NOT_JUDGED: Readonly<Record<string, string>> = {
  Event: 'a message about an object, which is judged itself',
  EndpointSlice: 'made by a controller from a Service and its pods, which are judged themselves',
};

/** Recorded answers that nothing replays, because a drill never asks for them. */
export const NEVER_ASKED: Readonly<Record<string, string>> = {
  'api-200-partial-object-metadata-list': 'the drill reads whole objects: metadata says nothing of health',
  'api-200-readyz-verbose': 'whether the API server answers is told by what it answers',
  'api-200-version': 'the version is asked of EKS',
  'api-201-self-subject-access-review-denied': 'what is refused says so itself',
  'api-406-not-acceptable': 'the client asks for JSON only',
  'api-410-expired-resource-version-exact': 'the client asks for no version',
  'api-watch-too-old-resource-version': 'the client polls and does not watch',
};

/** Every recorded object that is judged, in the order of the files. */
export function judgedObjects(): Judged[] {
  return [...recordedObjects()].map(([id, object]) => {
    const { argo = '?', kstatus = '?' } = othersSay().get(id) ?? {};
    return { id, object, reading: judgeAlone(object), argo, kstatus };
  });
}

/** Each alone, with nothing pinned, and an Application at the time of its last comparison. */
function judgeAlone(object: KubernetesObject): ObjectReading {
  if (object.kind !== 'Application') return judgeObject(object);
  const { reconciledAt } = (object.status ?? {}) as { reconciledAt?: string };
  return judgeApplication(object, undefined, new Date(reconciledAt ?? 0));
}

/** By recording and item: single objects, items of lists, watch events of series and of recorded answers of the API. */
function* recordedObjects(): Generator<readonly [id: string, object: KubernetesObject]> {
  for (const part of PARTS) {
    for (const name of namesOf(part)) {
      const objects = objectsIn(part, name);
      for (const [index, object] of objects.entries()) {
        if (object.kind in NOT_JUDGED) continue;
        yield [`${part}/${name}${objects.length > 1 ? `#${index + 1}` : ''}`, object];
      }
    }
  }
}

function namesOf(part: Part): string[] {
  return readdirSync(join(FOLDER, part))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''))
    .toSorted();
}

interface Answer {
  readonly body?: unknown;
}

function objectsIn(part: Part, name: string): readonly KubernetesObject[] {
  const content = JSON.parse(readFileSync(join(FOLDER, part, `${name}.json`), 'utf8')) as {
    snapshots?: { type: string; object: KubernetesObject }[];
  } & Answer;
  if (content.snapshots) return content.snapshots.map(({ object }) => object);
  if (!name.startsWith('api-')) return recordedAll(part, name);
  return Array.isArray(content.body) ? watched(content.body) : listed(content.body);
}

/** The objects of a watch; a bookmark or an error is none. */
function watched(lines: readonly { line?: { type: string; object: KubernetesObject } }[]): KubernetesObject[] {
  return lines.flatMap(({ line }) => (line && /ADDED|MODIFIED/.test(line.type) ? [line.object] : []));
}

/** The items of an API's own list, which leave their kind out; other answers hold no object. */
function listed(body: unknown): KubernetesObject[] {
  const { kind = '', apiVersion, items = [] } = (body ?? {}) as { kind?: string; apiVersion?: string; items?: [] };
  if (kind === 'PartialObjectMetadataList') return [];
  return items.map((item) => Object.assign({ apiVersion, kind: kind.replace(/List$/, '') }, item));
}

let others: Map<string, { readonly argo: string; readonly kstatus: string }> | undefined;

/** What Argo CD and kstatus said of each recorded object; `test/recorded/README.md` tells how they were asked. */
function othersSay(): NonNullable<typeof others> {
  const file = join(FOLDER, 'other-judges.tsv');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(1) : [];
  others ??= new Map(
    lines.map((line) => {
      const [id = '', argo = '', kstatus = ''] = line.split('\t');
      return [id, { argo, kstatus }];
    }),
  );
  return others;
}
