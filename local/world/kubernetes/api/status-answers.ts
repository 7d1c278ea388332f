import type { ServiceAnswer } from '../../../service';
import type { Fields } from '../manifest';

const JSON_HEADERS = { 'content-type': 'application/json' };
const TEXT_HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

export function jsonAnswer(status: number, body: unknown): ServiceAnswer {
  return { status, headers: JSON_HEADERS, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function textAnswer(status: number, text: string): ServiceAnswer {
  return { status, headers: TEXT_HEADERS, body: text };
}

/** A refusal of the API server; everything but a few early errors is such a `Status` object. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: Fields,
  ) {
    super(message);
  }

  answer(): ServiceAnswer {
    return jsonAnswer(this.code, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    });
  }
}

/** `deployments.apps` */
function qualified(plural: string, group: string): string {
  return group ? `${plural}.${group}` : plural;
}

function detailsOf(name: string, plural: string, group: string): Fields {
  return { name, ...(group && { group }), kind: plural };
}

export const refuse = {
  unauthorized: () => new StatusError(401, 'Unauthorized', 'Unauthorized'),
  objectNotFound: (plural: string, group: string, name: string) =>
    new StatusError(404, 'NotFound', `${qualified(plural, group)} "${name}" not found`, detailsOf(name, plural, group)),
  /** A version or resource that a known group does not have; told from a missing object by its empty details. */
  resourceNotFound: () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {}),
  methodNotAllowed: () =>
    new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
  alreadyExists: (plural: string, group: string, name: string) =>
    new StatusError(
      409,
      'AlreadyExists',
      `${qualified(plural, group)} "${name}" already exists`,
      detailsOf(name, plural, group),
    ),
  staleVersion: (plural: string, group: string, name: string) =>
    new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualified(plural, group)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      detailsOf(name, plural, group),
    ),
  badRequest: (message: string) => new StatusError(400, 'BadRequest', message),
  unsupportedMediaType: () => new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}),
  forbidden: (user: string, verb: string, plural: string, group: string, place: string, name?: string) =>
    new StatusError(
      403,
      'Forbidden',
      `${qualified(plural, group)}${name ? ` "${name}"` : ''} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "${group}" ${place}`,
      { ...(name && { name }), ...(group && { group }), kind: plural },
    ),
} as const;
