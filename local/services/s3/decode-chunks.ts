/**
 * The content of a body in `aws-chunked` encoding: `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n` until length 0, then
 * trailers (checksums). The SDK sends it when it streams.
 */
export function decodeChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = parseInt(body.subarray(at, lineEnd).toString('latin1'), 16);
    if (!length) break;
    const from = lineEnd + 2;
    chunks.push(body.subarray(from, from + length));
    at = from + length + 2;
  }
  return Buffer.concat(chunks);
}
