import { parseAllDocuments } from 'yaml';
import { isFields, type Manifest } from '../manifest';

/** A file that is no YAML, or YAML that is no Kubernetes object; `message` is as Go's YAML library words it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The objects of a YAML (or JSON) text; empty documents are skipped and `List`s are taken apart.
 * @throws ManifestError
 */
export function parseManifests(file: string, text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      throw new ManifestError(file, `yaml: line ${line}: ${error.message.split(' at line ')[0]?.toLowerCase()}`);
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    return objectsOf(file, value);
  });
}

function objectsOf(file: string, value: unknown): Manifest[] {
  if (!isFields(value))
    throw new ManifestError(file, 'json: cannot unmarshal string into Go value of type map[string]interface {}');
  if (typeof value['kind'] === 'string' && value['kind'].endsWith('List') && Array.isArray(value['items']))
    return value['items'].flatMap((item) => objectsOf(file, item));
  if (typeof value['kind'] !== 'string')
    throw new ManifestError(file, `Object 'Kind' is missing in '${JSON.stringify(value)}'`);
  if (typeof value['apiVersion'] !== 'string')
    throw new ManifestError(file, `Object 'apiVersion' is missing in '${JSON.stringify(value)}'`);
  if (!isFields(value['metadata']) && value['kind'] !== 'Kustomization')
    throw new ManifestError(file, 'Object metadata is missing');
  return [value as unknown as Manifest];
}
