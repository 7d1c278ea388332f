import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AwsError } from '../../service';
import { byBytes } from './object-storage';
import type { ObjectStorage, StoredObject } from './object-storage';

/** Beside the buckets, whose names cannot begin with a dot: content types and times, one file per object. */
const ATTRIBUTES = '.attributes';

type Attributes = Omit<StoredObject, 'body'>;

/**
 * Keeps objects as files, `<folder>/<bucket>/<key>`, so that a person can open a report where it was stored. A file that
 * was put there by hand is an object too.
 */
export function folderObjects(folder: string): ObjectStorage {
  return {
    read: (bucket, key) => readObject(fileOf(folder, bucket, key), attributesOf(folder, bucket, key)),
    write: (bucket, key, { body, ...attributes }) => {
      // Attributes first: a crash in between leaves no object instead of one of the wrong type.
      replace(attributesOf(folder, bucket, key), JSON.stringify(attributes), key);
      replace(fileOf(folder, bucket, key), body, key);
    },
    remove: (bucket, key) => {
      rmSync(fileOf(folder, bucket, key), { force: true });
      rmSync(attributesOf(folder, bucket, key), { force: true });
    },
    keys: (bucket) => keysIn(join(folder, bucket)),
  };
}

function fileOf(folder: string, bucket: string, key: string): string {
  return join(folder, bucket, ...segmentsOf(key));
}

function attributesOf(folder: string, bucket: string, key: string): string {
  return `${join(folder, ATTRIBUTES, bucket, ...segmentsOf(key))}.json`;
}

/** The parts of a key as file names: readable where they can be, and never a way out of the folder. */
function segmentsOf(key: string): string[] {
  return key.split('/').map((segment) => {
    if (segment === '') throw new AwsError('InvalidRequest', `key "${key}" has an empty part, so it cannot be a file`);
    return /^\.+$/.test(segment) ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment);
  });
}

function readObject(file: string, attributesFile: string): StoredObject | undefined {
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  const attributes: Attributes = existsSync(attributesFile)
    ? (JSON.parse(readFileSync(attributesFile, 'utf8')) as Attributes)
    : { contentType: 'application/octet-stream', lastModified: statSync(file).mtime.toISOString() };
  return { ...attributes, body: readFileSync(file) };
}

function replace(file: string, content: string | Buffer, key: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}~`, content);
    renameSync(`${file}~`, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR' && code !== 'EISDIR' && code !== 'EEXIST') throw error;
    throw new AwsError('InvalidRequest', `key "${key}" is both a file and a folder here; use another key`);
  }
}

function keysIn(bucketFolder: string): string[] {
  if (!existsSync(bucketFolder)) return [];
  return readdirSync(bucketFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('~'))
    .map((entry) => relative(bucketFolder, join(entry.parentPath, entry.name)))
    .map((path) => path.split(sep).map(decodeURIComponent).join('/'))
    .toSorted(byBytes);
}
