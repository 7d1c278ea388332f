import { spawnSync } from 'node:child_process';

export { startMoto, type Moto } from '../../local/lab/moto';

/** Why moto is not asked in this run; undefined when it is. It takes half a minute, so it must be asked for. */
export function motoObstacle(): string | undefined {
  if (!process.env['MOTO']) return 'run with MOTO=1 to include them';
  return spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).error && 'moto_server is not on PATH';
}
