import type { AccountChecks } from '../../domain/ports/readiness';

/** An account in which everything that a drill asks for is there. */
export function memoryAccountChecks(account: string): AccountChecks {
  return {
    account: async () => account,
    quota: async () => 100,
    inUse: async () => 1,
    senderVerified: async () => true,
  };
}
