import type { Rule } from '../object-reading';
import { judgeVaultServer } from './vault';

/** Rules of single probes, by `system/probe`, where the kind alone does not tell how the system is. */
export const PROBE_RULES: Readonly<Record<string, Rule>> = {
  'vault/server': judgeVaultServer,
};
