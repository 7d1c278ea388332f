/** The name in an IAM ARN: `ci` of `arn:aws:iam::000000000000:role/team/ci` (what is between is its path). */
export function nameOf(arn: string): string {
  return arn.split('/').at(-1)!;
}
