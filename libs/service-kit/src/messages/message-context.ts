import type { FamilyAbility } from '@heirloom/access';
import type { ServiceName, Standing } from '@heirloom/contracts';
import type { Person } from '../access/person.ts';

/** What a handler knows about the message it handles, besides its input. */
export interface MessageContext {
  readonly requestId: string;
  /** The service that sent it. */
  readonly caller: ServiceName;
  /** Milliseconds since 1970, after which nobody waits for the answer. */
  readonly deadline: number;
  /** On whose behalf; set where the contract's access is `person` or a permission. */
  readonly person?: Person;
  readonly token?: string;
  /**
   * What that person may do. Where what is kept from before the message is not `enough`, it is asked anew. Throws AppError
   * `token-missing` without a person.
   */
  standing(enough?: (standing: Standing) => boolean): Promise<Standing>;
  ability(enough?: (ability: FamilyAbility) => boolean): Promise<FamilyAbility>;
}
