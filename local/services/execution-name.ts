import { AwsError } from '../service';

const LONGEST = 80;
/** White space, brackets, wildcards and special characters that the API reference of StartExecution lists. */
const REFUSED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** @throws AwsError InvalidName as StartExecution does. */
export function checkExecutionName(name: string): void {
  if (name.length > 0 && name.length <= LONGEST && !REFUSED.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}
