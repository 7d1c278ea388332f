import { asAwsError, AwsError } from '../service';
import type { Service, ServiceRequest } from '../service';

/** Method, path with `{…}` for its variables, and what answers it with JSON. */
export type Route = readonly [
  method: string,
  path: string,
  answer: (variables: readonly string[], request: ServiceRequest) => unknown,
];

/** A service of the AWS REST-JSON protocol. */
export function restService(name: string, routes: readonly Route[]): Service {
  const compiled = routes.map(([method, path, answer]) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]+)')}/?$`),
    answer,
  }));
  return async (request) => {
    const headers = { 'content-type': 'application/json' };
    try {
      for (const { method, pattern, answer } of compiled) {
        const found = method === request.method ? pattern.exec(request.path) : null;
        if (!found) continue;
        const output = await answer(found.slice(1).map(decodeURIComponent), request);
        return { status: 200, headers, body: JSON.stringify(output) };
      }
      throw new AwsError('UnknownOperationException', `${name} has no ${request.method} ${request.path} here`, 404);
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ message }) };
    }
  };
}
