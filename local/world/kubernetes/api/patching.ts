import { parse } from 'yaml';
import { applied, jsonPatch, mergePatch } from '../json-merge';
import { strategicMerge } from '../gitops/strategic-merge';
import { isFields, type Manifest } from '../manifest';
import { refuse } from './status-answers';

/** What a PATCH asks for, by its content type. */
export interface Patching {
  readonly isApply: boolean;
  /** The fields that the request names, for managedFields. */
  readonly named: unknown;
  readonly change: (live: Manifest) => Manifest;
}

/** Reads a PATCH body: merge, JSON, strategic merge, or server-side apply (YAML). */
export function patchingOf(contentType: string | undefined, body: string): Patching {
  const type = (contentType ?? '').split(';')[0]?.trim();
  switch (type) {
    case 'application/apply-patch+yaml': {
      const manifest: unknown = parse(body);
      if (!isFields(manifest)) throw refuse.badRequest('error decoding YAML: the object provided is unrecognized');
      return { isApply: true, named: manifest, change: (live) => applied(live, manifest) as Manifest };
    }
    case 'application/merge-patch+json': {
      const patch = json(body);
      return { isApply: false, named: patch, change: (live) => mergePatch(live, patch) as Manifest };
    }
    case 'application/strategic-merge-patch+json': {
      const patch = json(body);
      return { isApply: false, named: patch, change: (live) => strategicMerge(live, patch) as Manifest };
    }
    case 'application/json-patch+json': {
      const operations = json(body) as { op: string; path: string; value?: unknown }[];
      return { isApply: false, named: {}, change: (live) => jsonPatch(live, operations) as Manifest };
    }
    default:
      throw refuse.unsupportedMediaType();
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw refuse.badRequest(`error decoding patch: ${(error as Error).message}`);
  }
}
