import { simulate } from '../cli/simulate';

void simulate(process.argv, (text) => process.stdout.write(`${text}\n`)).then((code) => (process.exitCode = code));
